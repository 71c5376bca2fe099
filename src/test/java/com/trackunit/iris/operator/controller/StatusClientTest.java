package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers to a status prove that its credential is gone. */
class StatusClientTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "there is none of its name,        404, fleet, 'iriscredentials \"fleet\" not found', true",
    "the resource is not served yet,   404, '',    404 page not found,                    false",
    "there is one of another UID,      422, '',    the server rejected our request due to an error"
        + " in our request, true",
    "the status breaks the schema,     422, fleet, 'IrisCredential \"fleet\" is invalid',  false",
    "a webhook denies it,              422, '',    'admission webhook \"x\" denied it',    false",
    "somebody was faster,              409, fleet, the object has been modified,          false",
    "there was no answer,              0,   '',    timeout,                               false"
  })
  void provesThatACredentialIsGone(
      String when, int code, String named, String message, boolean gone) {
    var status =
        new StatusBuilder()
            .withCode(code)
            .withMessage(message)
            .withNewDetails()
            .withName(named)
            .endDetails()
            .build();

    assertThat(StatusClient.isOfNone(new KubernetesClientException(status), "fleet"))
        .as(when)
        .isEqualTo(gone);
  }

  @Test
  void believesNothingThatIsNoAnswerOfTheApiServer() {
    assertThat(StatusClient.isOfNone(new KubernetesClientException("gone", 404, null), "fleet"))
        .isFalse();
    assertThat(StatusClient.isOfNone(new KubernetesClientException("gone", 422, null), "fleet"))
        .isFalse();
  }
}
