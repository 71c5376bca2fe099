/**
 * Detects when only a restart of this process helps: a dead watch, a dead timer, or an etcd that
 * was restored from a backup. Knows the calls and their responses, but not their purpose.
 */
@NullMarked
package com.trackunit.iris.operator.health;

import org.jspecify.annotations.NullMarked;
