package com.trackunit.iris.operator.oauth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/**
 * Puts the addresses of a name into the order of the {@link Dial} that asks; for everybody else it
 * is the JDK's own resolver.
 */
public final class AddressOrder extends InetAddressResolverProvider {
  @Override
  public InetAddressResolver get(Configuration configuration) {
    return over(configuration.builtinResolver());
  }

  /** The same order for what this resolver finds. */
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
