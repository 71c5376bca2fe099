/**
 * Notices when only a restart of this process helps: a watch or a timer that is dead, a store that
 * was set back. Knows what is called and answered, and nothing of what the calls are for.
 */
@NullMarked
package com.trackunit.iris.operator.health;

import org.jspecify.annotations.NullMarked;
