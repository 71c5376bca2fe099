package com.trackunit.iris.operator.acquire;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.IrisCredential;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Credentials that are gone while the watch still shows them. */
class DepartedTest {
  private final Departed departed = new Departed();

  @Test
  void knowsTheOneThatIsGoneAndNotItsSuccessor() {
    departed.add(credential("one"), Instant.EPOCH);

    assertThat(departed.since(credential("one"))).hasValue(Instant.EPOCH);
    assertThat(departed.since(credential("two"))).isEmpty();
    departed.forget(new ResourceID("fleet", "integrations"));
    assertThat(departed.since(credential("one"))).isEmpty();
  }

  private static IrisCredential credential(String uid) {
    IrisCredential credential = new IrisCredential();
    credential.getMetadata().setNamespace("integrations");
    credential.getMetadata().setName("fleet");
    credential.getMetadata().setUid(uid);
    return credential;
  }
}
