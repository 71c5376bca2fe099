package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Generated;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code deploy/install.yaml} is the kustomization of {@code deploy} in one file. */
class InstallFileIT {
  @Test
  void isWhatTheKustomizationMakes() {
    CommandResult built = ControlPlane.kustomize("deploy");

    assertThat(built.exitCode()).as(built.stderr()).isZero();
    Generated.check(
        Path.of("deploy", "install.yaml"),
        "# Written from the kustomization of this folder by ./mvnw -Pgenerate\n" + built.stdout());
  }
}
