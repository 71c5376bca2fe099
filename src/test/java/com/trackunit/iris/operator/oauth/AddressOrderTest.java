package com.trackunit.iris.operator.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.StaticAddresses;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which address of a name is tried next, and that the JDK asks for it. */
class AddressOrderTest {
  private static final LookupPolicy ANY = LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6);
  private static final Exception REFUSED = new CompletionException(new ConnectException());

  @Test
  void isWhatTheJdkUses() {
    assertThat(ServiceLoader.load(InetAddressResolverProvider.class))
        .filteredOn(provider -> !(provider instanceof StaticAddresses))
        .singleElement()
        .isInstanceOf(AddressOrder.class);
  }

  @Test
  void triesEachAddressOnce() throws Exception {
    Resolved resolved = new Resolved("192.0.2.1", "192.0.2.2", "192.0.2.3");
    Dial dial = new Dial();

    assertThat(resolved.first(dial)).isEqualTo("192.0.2.1");
    assertThat(dial.hasNextAfter(REFUSED)).isTrue();
    assertThat(resolved.first(dial)).isEqualTo("192.0.2.2");
    assertThat(dial.hasNextAfter(new HttpConnectTimeoutException(""))).isTrue();
    assertThat(resolved.first(dial)).isEqualTo("192.0.2.3");
    assertThat(dial.hasNextAfter(REFUSED)).isFalse();
  }

  @Test
  void goesOnAfterNothingButAConnectionThatWasNeverMade() throws Exception {
    Resolved resolved = new Resolved("192.0.2.11", "192.0.2.12");
    Dial dial = new Dial();

    assertThat(dial.hasNextAfter(REFUSED)).as("before any name was resolved").isFalse();
    assertThat(resolved.first(dial)).isEqualTo("192.0.2.11");
    assertThat(dial.hasNextAfter(new HttpTimeoutException(""))).isFalse();
    assertThat(dial.hasNextAfter(new java.io.IOException("reset"))).isFalse();
    assertThat(dial.hasNextAfter(new javax.net.ssl.SSLException(""))).isFalse();
  }

  @Test
  void remembersForLaterExchangesWhatWasNotReached() throws Exception {
    Resolved resolved = new Resolved("192.0.2.21", "192.0.2.22");
    Dial dial = new Dial();
    resolved.first(dial);
    dial.hasNextAfter(REFUSED);

    assertThat(resolved.first(new Dial())).isEqualTo("192.0.2.22");
    Dial later = new Dial();
    resolved.first(later);
    later.demote();
    assertThat(resolved.first(new Dial())).as("the one of longer ago").isEqualTo("192.0.2.21");
  }

  @Test
  void startsElsewhereAfterAnAnswerThatNeverCame() throws Exception {
    Resolved resolved = new Resolved("192.0.2.41", "192.0.2.42", "192.0.2.43");
    for (String hangsUp : List.of("192.0.2.41", "192.0.2.42")) {
      Dial dial = new Dial();
      assertThat(resolved.first(dial)).isEqualTo(hangsUp);
      dial.demote();
    }

    assertThat(resolved.first(new Dial())).isEqualTo("192.0.2.43");
    assertThat(resolved.first(new Dial())).as("it answered").isEqualTo("192.0.2.43");
  }

  @Test
  void leavesTheOrderToTheJdkForEverybodyElse() throws Exception {
    Resolved resolved = new Resolved("192.0.2.31", "192.0.2.32");
    Dial dial = new Dial();
    resolved.first(dial);
    dial.hasNextAfter(REFUSED);

    assertThat(AddressOrder.over(resolved).lookupByName("a.test", ANY).findFirst())
        .contains(InetAddress.ofLiteral("192.0.2.31"));
  }

  private record Resolved(String... addresses) implements InetAddressResolver {
    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
      return Stream.of(addresses).map(InetAddress::ofLiteral);
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      throw new UnknownHostException();
    }

    String first(Dial dial) throws Exception {
      List<InetAddress> ordered =
          ScopedValue.where(Dial.CURRENT, dial)
              .call(() -> AddressOrder.over(this).lookupByName("a.test", ANY).toList());
      return ordered.getFirst().getHostAddress();
    }
  }
}
