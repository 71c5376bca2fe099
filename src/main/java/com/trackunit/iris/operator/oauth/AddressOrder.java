package com.trackunit.iris.operator.oauth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/**
 * Sorts the addresses of a name for the {@link Dial} of the current exchange. Other lookups get the
 * result of the JDK's resolver unchanged.
 */
public final class AddressOrder extends InetAddressResolverProvider {
  @Override
  public InetAddressResolver get(Configuration configuration) {
    return over(configuration.builtinResolver());
  }

  /** A resolver that sorts the results of this one. */
  public static InetAddressResolver over(InetAddressResolver builtin) {
    return new Resolver(builtin);
  }

  @Override
  public String name() {
    return "addresses in the order in which a token endpoint is tried";
  }

  private record Resolver(InetAddressResolver builtin) implements InetAddressResolver {
    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
        throws UnknownHostException {
      Stream<InetAddress> resolved = builtin.lookupByName(host, policy);
      return Dial.CURRENT.isBound() ? Dial.CURRENT.get().ordered(resolved).stream() : resolved;
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      return builtin.lookupByAddress(address);
    }
  }
}
