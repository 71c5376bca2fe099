package com.trackunit.iris.operator.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said when the API server cannot be worked with. */
class PreflightCheckTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
           -1 | ""  | The Kubernetes API server https://api does not answer. Check KUBECONFIG and the network.
            0 | ""  | The Kubernetes API server https://api does not answer. Check KUBECONFIG and the network.
          401 | ""  | The Kubernetes API server https://api does not accept the operator's own login. Check KUBECONFIG.
          403 | p:1 | The operator may not watch secrets at https://api. Check its role, or name its namespaces in IRIS_NAMESPACES.
          404 | ""  | The Kubernetes API server https://api does not know IrisCredential. Install it with kubectl apply -k crds.
          500 | p:1 | The Kubernetes API server https://api answered HTTP 500.
            0 | p:1 | The Kubernetes API server https://api does not answer through the proxy p:1. Name it in NO_PROXY if it is reached without one; else check HTTPS_PROXY, KUBECONFIG and the network.
          """,
      emptyValue = "",
      quoteCharacter = '"')
  void saysWhatToDo(int code, String proxy, String sentence) {
    assertThat(PreflightCheck.sentence("https://api", proxy, code, "watch secrets"))
        .isEqualTo(sentence);
  }
}
