package io.selkie.rpc.token;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a token is narrowed to, beyond its permissions. It travels inside the token under a claim
 * that the reference does not look at: there the token is as good as its permissions say.
 *
 * @param methods wire names, {@code *} for any rest of a name; none for all methods
 * @param miner the only miner whose node takes it
 * @param sectors the only sectors it may name, such as {@code 0-99,200}; empty for all
 */
public record TokenScope(List<String> methods, Optional<ActorId> miner, String sectors) {

  /** No narrowing. */
  public static final TokenScope ALL = new TokenScope(List.of(), Optional.empty(), "");

  /** Patterns in one token: it has to fit a request's header. */
  static final int MAX_METHODS = 64;

  /** Ranges in one token. */
  static final int MAX_RANGES = 256;

  private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9.]{0,100}\\*?");

  /** Of the tokens by which a node shows its workers who calls. */
  public static final TokenScope OF_WORKERS =
      new TokenScope(List.of("Filecoin.AuthVerify"), Optional.empty(), "");

  /**
   * @throws IllegalArgumentException for what is no pattern or no range, or too many of them
   */
  public TokenScope {
    methods = List.copyOf(methods);
    if (methods.size() > MAX_METHODS) {
      throw new IllegalArgumentException(
          "scope of " + methods.size() + " methods, at most " + MAX_METHODS);
    }
    for (String method : methods) {
      if (method.isEmpty() || !METHOD.matcher(method).matches()) {
        throw new IllegalArgumentException(
            "scope: '" + method + "' is no method such as Filecoin.SectorsList or Selkie.Unseal*");
      }
    }
    var _ = ranges(sectors);
  }

  /**
   * The scope that these texts write.
   *
   * @param miner an id address such as {@code t01000}, or nothing
   * @throws IllegalArgumentException for what cannot be read
   */
  static TokenScope of(List<String> methods, String miner, String sectors) {
    return new TokenScope(
        methods, miner.isEmpty() ? Optional.empty() : Optional.of(minerOf(miner)), sectors);
  }

  private static ActorId minerOf(String text) {
    Address address;
    try {
      address = Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("scope: miner '" + text + "': " + e.getMessage(), e);
    }
    if (!address.isId()) {
      throw new IllegalArgumentException("scope: miner " + text + " is no id address as t01000 is");
    }
    return address.id();
  }

  public static BitField ranges(String text) {
    if (text.isEmpty()) {
      return BitField.EMPTY;
    }
    int count = text.split(",", -1).length;
    if (count > MAX_RANGES) {
      throw new IllegalArgumentException(
          "scope of " + count + " sector ranges, at most " + MAX_RANGES);
    }
    try {
      return BitField.ofText(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("scope: " + e.getMessage(), e);
    }
  }

  /** Whether it narrows anything. */
  public boolean isEmpty() {
    return methods.isEmpty() && miner.isEmpty() && sectors.isEmpty();
  }

  /** The same, of all sectors. */
  public TokenScope ofAnySector() {
    return new TokenScope(methods, miner, "");
  }

  /** The miner as a text; empty if any. */
  String minerText() {
    return miner.map(id -> Address.ofId(id).text(Address.Network.TESTNET)).orElse("");
  }

  /**
   * Why a call is outside; empty if it is within.
   *
   * @param method the wire name
   * @param here the miner whose node this is, where it has one
   * @param named the sectors in its arguments
   */
  public Optional<String> refusal(
      String method, Optional<ActorId> here, List<NamedSectors.Named> named) {
    if (isEmpty()) {
      return Optional.empty();
    }
    if (!methods.isEmpty() && methods.stream().noneMatch(each -> matches(each, method))) {
      return Optional.of("is limited to the methods " + String.join(", ", methods));
    }
    if (miner.isPresent() && !miner.equals(here)) {
      return Optional.of(
          "is for miner f0"
              + miner.get()
              + ", this node is "
              + here.map(id -> "that of f0" + id).orElse("no miner's"));
    }
    for (NamedSectors.Named each : named) {
      if (miner.isPresent() && each.miner().orElse(miner.get().value()) != miner.get().value()) {
        return Optional.of("is for sectors of miner f0" + miner.get() + " only");
      }
    }
    return sectors.isEmpty() ? Optional.empty() : sectorRefusal(method, named);
  }

  private Optional<String> sectorRefusal(String method, List<NamedSectors.Named> named) {
    // A call that names no sector acts on all or on none; only an operator can say which.
    if (named.isEmpty() && !methods.contains(method)) {
      return Optional.of(
          "is limited to the sectors "
              + sectors
              + ", and this call names none; a token may be"
              + " given such a method by its full name");
    }
    BitField allowed = ranges(sectors);
    for (NamedSectors.Named each : named) {
      if (each.from() < 0 || !allowed.containsRange(each.from(), each.to())) {
        return Optional.of(
            "is limited to the sectors "
                + sectors
                + ", sector "
                + Long.toUnsignedString(each.from())
                + (each.to() - each.from() > 1 ? " and those behind it are not all" : " is not")
                + " among them");
      }
    }
    return Optional.empty();
  }

  private static boolean matches(String pattern, String method) {
    return pattern.endsWith("*")
        ? method.startsWith(pattern.substring(0, pattern.length() - 1))
        : method.equals(pattern);
  }
}
