package io.selkie.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Numbers as the reference's command line writes them. */
final class Format {

  /** Seconds per epoch on every public network. */
  static final int EPOCH_S = 30;

  private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private static final String[] POWERS = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi"};

  private static final String[] FIL_UNITS = {
    "aFIL", "fFIL", "pFIL", "nFIL", "\u03bcFIL", "mFIL", "FIL"
  };

  private static final int FIL_DECIMALS = 18;

  private static final DateTimeFormatter GO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xx zzz", Locale.ROOT);

  /** The units of a duration in words, seconds each; a week is the largest. */
  private enum Unit {
    YEAR(365L * 86_400),
    WEEK(7L * 86_400),
    DAY(86_400),
    HOUR(3_600),
    MINUTE(60),
    SECOND(1);

    final long seconds;

    Unit(long seconds) {
      this.seconds = seconds;
    }
  }

  private Format() {}

  /** {@code 182.6 GiB}: four significant digits. */
  static String size(BigInteger bytes) {
    return scaled(bytes, " ");
  }

  static String size(long bytes) {
    return size(BigInteger.valueOf(bytes));
  }

  /** {@code 3KiB}, as above without the blank. */
  static String compactSize(BigInteger bytes) {
    return scaled(bytes, "");
  }

  private static String scaled(BigInteger bytes, String gap) {
    BigDecimal value = new BigDecimal(bytes);
    BigDecimal step = BigDecimal.valueOf(1024);
    int unit = 0;
    while (value.compareTo(step) >= 0 && unit < SIZES.length - 1) {
      value = value.divide(step, MathContext.DECIMAL64);
      unit++;
    }
    BigDecimal shown = value.round(new MathContext(4, RoundingMode.HALF_EVEN));
    return plain(shown) + gap + SIZES[unit];
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /** {@code 222 (in 1 hour 51 minutes)}, or the number alone while the height is unknown. */
  static String epoch(long epoch, OptionalLong head) {
    if (head.isEmpty()) {
      return Long.toString(epoch);
    }
    long seconds = (epoch - head.getAsLong()) * EPOCH_S;
    if (seconds == 0) {
      return epoch + " (now)";
    }
    return seconds > 0
        ? epoch + " (in " + words(seconds) + ")"
        : epoch + " (" + words(-seconds) + " ago)";
  }

  /** Two units at most. */
  static String words(long seconds) {
    List<String> parts = new ArrayList<>();
    long rest = seconds;
    for (Unit unit : Unit.values()) {
      long n = rest / unit.seconds;
      rest %= unit.seconds;
      if (n > 0 && parts.size() < 2) {
        parts.add(n + " " + unit.name().toLowerCase(Locale.ROOT) + (n == 1 ? "" : "s"));
      }
    }
    return parts.isEmpty() ? "0 seconds" : String.join(" ", parts);
  }

  /** {@code 1h2m3s}, as Go writes whole seconds. */
  static String goDuration(Duration duration) {
    long seconds = duration.toSeconds();
    StringBuilder text = new StringBuilder();
    if (seconds >= 3_600) {
      text.append(seconds / 3_600).append('h');
    }
    if (seconds >= 60) {
      text.append(seconds / 60 % 60).append('m');
    }
    return text.append(seconds % 60).append('s').toString();
  }

  /** {@code 1m2.3s}, {@code 300ms}: as Go writes a duration cut to tenths of a second. */
  static String goTenths(Duration duration) {
    long tenths = duration.toMillis() / 100;
    if (Math.abs(tenths) < 10) {
      return tenths == 0 ? "0s" : tenths * 100 + "ms";
    }
    String whole = goDuration(Duration.ofSeconds(tenths / 10));
    long rest = tenths % 10;
    return rest == 0 ? whole : whole.substring(0, whole.length() - 1) + "." + rest + "s";
  }

  /**
   * {@code 1.5 Ki}: three significant digits, and no letter for the unit that is meant (lotus
   * types.DeciStr).
   */
  static String power(BigInteger bytes) {
    BigDecimal value = new BigDecimal(bytes);
    BigDecimal step = BigDecimal.valueOf(1024);
    int unit = 0;
    while (value.compareTo(step) >= 0 && unit < POWERS.length - 1) {
      value = value.divide(step, MathContext.DECIMAL64);
      unit++;
    }
    BigDecimal shown = value.round(new MathContext(3, RoundingMode.HALF_EVEN));
    String text =
        shown.compareTo(BigDecimal.valueOf(1000)) >= 0
            ? "1.0" + shown.intValue() / 10 % 10 + "e+03"
            : plain(shown);
    return text.replace("1.00e+03", "1e+03") + " " + POWERS[unit];
  }

  /** {@code 1970-01-01 00:00:42 +0000 UTC}. */
  static String goTime(long epochSecond, ZoneId zone) {
    return GO_TIME.format(Instant.ofEpochSecond(epochSecond).atZone(zone)).replace(" Z", " UTC");
  }

  /** {@code 0.000000000000000005 FIL}. */
  static String fil(String attoFil) {
    return plain(new BigDecimal(new BigInteger(attoFil), FIL_DECIMALS)) + " FIL";
  }

  /** {@code 5 aFIL}, {@code 1.5 FIL}, {@code 0}: up to three decimals. */
  static String shortFil(String attoFil) {
    BigInteger amount = new BigInteger(attoFil);
    if (amount.signum() == 0) {
      return "0";
    }
    int unit = Math.min((amount.abs().toString().length() - 1) / 3, FIL_UNITS.length - 1);
    BigDecimal value = new BigDecimal(amount, 3 * unit).setScale(3, RoundingMode.DOWN);
    return plain(value) + " " + FIL_UNITS[unit];
  }
}
