package com.trackunit.iris.operator.support;

import com.trackunit.iris.operator.oauth.AddressOrder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Gives names the addresses that a test tells, beneath the operator's own order. The JDK's file of
 * hosts would take the place of both. Registered for every JVM with the test classes.
 */
public final class StaticAddresses extends InetAddressResolverProvider {
  /** For a process of its own, as in {@code name=192.0.2.1,192.0.2.2}. */
  static final String PROPERTY = "static.addresses";

  private static final Map<String, List<String>> TOLD = new ConcurrentHashMap<>();

  /** From now on, this name has these addresses in this process. */
  public static void tell(String host, List<String> addresses) {
    TOLD.put(host, addresses);
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    String[] told = System.getProperty(PROPERTY, "").split("=");
    if (told.length == 2) {
      tell(told[0], List.of(told[1].split(",")));
    }
    return AddressOrder.over(new Told(configuration.builtinResolver()));
  }

  @Override
  public String name() {
    return PROPERTY;
  }

  private record Told(InetAddressResolver others) implements InetAddressResolver {
    @Override
    public Stream<InetAddress> lookupByName(String name, LookupPolicy policy)
        throws UnknownHostException {
      List<String> addresses = TOLD.get(name);
      if (addresses == null) {
        return others.lookupByName(name, policy);
      }
      List<InetAddress> named = new ArrayList<>();
      for (String address : addresses) {
        // Without its name, an address is what TLS compares the certificate with.
        named.add(InetAddress.getByAddress(name, InetAddress.ofLiteral(address).getAddress()));
      }
      return named.stream();
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      return others.lookupByAddress(address);
    }
  }
}
