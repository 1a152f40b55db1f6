package org.jtorch.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as people write them: {@code 2GB} is 2,000,000,000 bytes, {@code 2GiB} is 2,147,483,648 bytes. */
final class Sizes implements ITypeConverter<Long> {

    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([KMGT]?)(I?)B?");

    private static final List<String> UNITS = List.of("", "K", "M", "G", "T");

    @Override
    public Long convert(String text) {
        Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()
                || (matcher.group(2).isEmpty() && !matcher.group(3).isEmpty())) {
            throw new TypeConversionException("'" + text + "' is not a size; write 500MB, 2GB or 2GiB");
        }
        BigDecimal unit =
                BigDecimal.valueOf(matcher.group(3).isEmpty() ? 1000 : 1024).pow(UNITS.indexOf(matcher.group(2)));
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(unit);
        if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new TypeConversionException("'" + text + "' is not a size from 1 byte to 8 EiB");
        }
        return bytes.longValue();
    }
}
