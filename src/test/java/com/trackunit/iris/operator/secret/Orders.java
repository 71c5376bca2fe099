package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RenewBefore;
import java.util.List;
import java.util.Map;

/** Orders to write tests with. */
public final class Orders {
  private Orders() {}

  /** What {@code team-a/fleet} orders, with every default. */
  public static EffectiveSpec fleet() {
    return fleet(Map.of(), Map.of(), new RenewBefore.ByDefault());
  }

  /** The same for this grant type. */
  public static EffectiveSpec fleet(GrantType grantType) {
    return fleet(grantType, Map.of(), Map.of(), new RenewBefore.ByDefault(), Map.of());
  }

  /** With templates for the target Secret. */
  public static EffectiveSpec fleet(Map<String, String> templates) {
    return fleet(GrantType.PASSWORD, Map.of(), Map.of(), new RenewBefore.ByDefault(), templates);
  }

  public static EffectiveSpec fleet(
      Map<String, String> labels, Map<String, String> annotations, RenewBefore renewBefore) {
    return fleet(GrantType.PASSWORD, labels, annotations, renewBefore, Map.of());
  }

  /** The same of another namespace, another name or for another Secret. */
  public static EffectiveSpec named(String namespace, String name, String target) {
    return new EffectiveSpec(
        namespace,
        name,
        "uid-1",
        1,
        "login",
        CredentialsSecretKeys.DEFAULT,
        GrantType.PASSWORD,
        List.of("api"),
        target,
        Map.of(),
        Map.of(),
        new RenewBefore.ByDefault(),
        Map.of(),
        false,
        null,
        null);
  }

  private static EffectiveSpec fleet(
      GrantType grantType,
      Map<String, String> labels,
      Map<String, String> annotations,
      RenewBefore renewBefore,
      Map<String, String> templates) {
    return new EffectiveSpec(
        "team-a",
        "fleet",
        "uid-1",
        1,
        "login",
        CredentialsSecretKeys.DEFAULT,
        grantType,
        List.of("api"),
        "fleet-token",
        labels,
        annotations,
        renewBefore,
        templates,
        false,
        null,
        null);
  }
}
