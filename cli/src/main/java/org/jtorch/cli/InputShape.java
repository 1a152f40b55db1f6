package org.jtorch.cli;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The shape and dtype of an input.
 *
 * @param sizes the shape
 * @param dtype the dtype; null if it is not given
 */
record InputShape(long[] sizes, @Nullable DType dtype) {

    private static final Pattern FORM = Pattern.compile("\\d{1,18}(,\\d{1,18})*");

    /** Returns zeros, which are valid indices too, with this dtype or else with {@code usual}. */
    Tensor zeros(DType usual) {
        return Torch.zeros(sizes, TensorOptions.of(dtype == null ? usual : dtype));
    }

    /** Parses {@code 1,3,224,224} and {@code 2,16:int64}. */
    static final class Converter implements ITypeConverter<InputShape> {

        @Override
        public InputShape convert(String text) {
            int colon = text.indexOf(':');
            String shape = colon < 0 ? text : text.substring(0, colon);
            if (!FORM.matcher(shape).matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is not a shape: write 1,3,224,224, or with a dtype 2,16:int64");
            }
            String[] parts = shape.split(",");
            long[] sizes = new long[parts.length];
            long elements = 1;
            for (int i = 0; i < parts.length; i++) {
                sizes[i] = Long.parseLong(parts[i]);
                try {
                    elements = Math.multiplyExact(elements, Math.max(1, sizes[i]));
                } catch (ArithmeticException e) {
                    throw new TypeConversionException("'" + text + "' has more elements than 64 bits count");
                }
            }
            return new InputShape(sizes, colon < 0 ? null : new DTypeNames.Any().convert(text.substring(colon + 1)));
        }
    }
}
