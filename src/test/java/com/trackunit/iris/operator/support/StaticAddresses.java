package com.trackunit.iris.operator.support;

import com.trackunit.iris.operator.oauth.AddressOrder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Gives one name the addresses that a system property lists, beneath the operator's own order, in a
 * process that is told to use it. The JDK's file of hosts would take the place of both.
 */
public final class StaticAddresses extends InetAddressResolverProvider {
  /** As in {@code name=192.0.2.1,192.0.2.2}. */
  static final String PROPERTY = "static.addresses";

  @Override
  public InetAddressResolver get(Configuration configuration) {
    String[] told = System.getProperty(PROPERTY).split("=");
    return AddressOrder.over(
        new Told(told[0], told[1].split(","), configuration.builtinResolver()));
  }

  @Override
  public String name() {
    return PROPERTY;
  }

  private record Told(String host, String[] addresses, InetAddressResolver others)
      implements InetAddressResolver {
    @Override
    public Stream<InetAddress> lookupByName(String name, LookupPolicy policy)
        throws UnknownHostException {
      if (!name.equals(host)) {
        return others.lookupByName(name, policy);
      }
      List<InetAddress> named = new ArrayList<>();
      for (String address : addresses) {
        // Without its name, an address is what TLS compares the certificate with.
        named.add(InetAddress.getByAddress(host, InetAddress.ofLiteral(address).getAddress()));
      }
      return named.stream();
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      return others.lookupByAddress(address);
    }
  }
}
