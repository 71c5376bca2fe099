package com.trackunit.iris.operator.net;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hosts of {@code NO_PROXY}, which are reached without a proxy. Loopback hosts are always among
 * them.
 *
 * <p>An entry is {@code host} (with its subdomains), {@code .suffix} or {@code *.suffix}
 * (subdomains only), an address, a network such as {@code 10.0.0.0/8} (for hosts that are
 * addresses), or {@code *}. Each may have a {@code :port}. No name is resolved. Any other entry
 * matches nothing.
 */
public record NoProxy(List<String> entries) {
  /** Only loopback hosts. */
  public static final NoProxy NONE = new NoProxy(List.of());

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final Pattern LOOPBACK = Pattern.compile("localhost|::1|127(\\.[0-9]{1,3}){3}");
  private static final Pattern WITH_PORT = Pattern.compile("(\\[.*]|[^:]*):([0-9]{1,5})");
  private static final Pattern NETWORK = Pattern.compile("([0-9a-f.:]+)/([0-9]{1,3})");

  /** Copies the list. */
  public NoProxy {
    entries = List.copyOf(entries);
  }

  /** Reads the variable's value: entries separated by commas. */
  public static NoProxy of(String variable) {
    return new NoProxy(
        Arrays.stream(variable.toLowerCase(Locale.ROOT).split(",", -1))
            .map(String::strip)
            .map(entry -> entry.startsWith("*.") ? entry.substring(1) : entry)
            .filter(entry -> !entry.isEmpty())
            .toList());
  }

  /** Whether this URL is reached without a proxy. */
  public boolean covers(URI url) {
    // URI.getHost() is null for a host name with an underscore.
    String host = name(Objects.requireNonNullElse(url.getHost(), ""));
    int standard = "http".equalsIgnoreCase(url.getScheme()) ? HTTP_PORT : HTTPS_PORT;
    int port = url.getPort() < 0 ? standard : url.getPort();
    return LOOPBACK.matcher(host).matches()
        || entries.stream().anyMatch(entry -> covers(entry, host, port));
  }

  private static boolean covers(String entry, String host, int port) {
    Matcher withPort = WITH_PORT.matcher(entry);
    if (!withPort.matches()) {
      return covers(entry, host);
    }
    return Integer.parseInt(withPort.group(2)) == port && covers(withPort.group(1), host);
  }

  private static boolean covers(String entry, String host) {
    String name = name(entry);
    String below = name.startsWith(".") ? name : "." + name;
    return name.equals("*") || host.equals(name) || host.endsWith(below) || isWithin(name, host);
  }

  private static boolean isWithin(String entry, String host) {
    Matcher network = NETWORK.matcher(entry);
    String base = network.matches() ? network.group(1) : entry;
    Optional<byte[]> wanted = address(base);
    Optional<byte[]> given = address(host);
    if (wanted.isEmpty() || given.isEmpty() || wanted.get().length != given.get().length) {
      return false;
    }
    int bits = wanted.get().length * Byte.SIZE;
    int prefix = network.matches() ? Integer.parseInt(network.group(2)) : bits;
    return prefix <= bits && haveTheSameStart(wanted.get(), given.get(), prefix);
  }

  private static boolean haveTheSameStart(byte[] one, byte[] other, int bits) {
    int whole = bits / Byte.SIZE;
    int rest = bits % Byte.SIZE;
    boolean same = Arrays.equals(one, 0, whole, other, 0, whole);
    return same && (rest == 0 || ((one[whole] ^ other[whole]) & 0xff) >>> (Byte.SIZE - rest) == 0);
  }

  private static Optional<byte[]> address(String literal) {
    try {
      return Optional.of(InetAddress.ofLiteral(literal).getAddress());
    } catch (IllegalArgumentException aName) {
      return Optional.empty();
    }
  }

  // The form for comparisons: without the brackets of an IPv6 address and the dot of the root
  // domain.
  private static String name(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[") && name.endsWith("]")) {
      return name.substring(1, name.length() - 1);
    }
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
