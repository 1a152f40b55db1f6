package org.jtorch.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jtorch.DType;
import org.jtorch.serialize.format.TensorInfo;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Dtypes by PyTorch's names and the usual short names: {@code bfloat16}, {@code torch.bfloat16}, {@code bf16}. */
final class DTypeNames implements ITypeConverter<DType> {

    private static final Map<String, DType> SHORT = Map.of(
            "bf16", DType.BFLOAT16,
            "f16", DType.FLOAT16,
            "fp16", DType.FLOAT16,
            "half", DType.FLOAT16,
            "f32", DType.FLOAT32,
            "fp32", DType.FLOAT32,
            "float", DType.FLOAT32,
            "f64", DType.FLOAT64,
            "fp64", DType.FLOAT64,
            "double", DType.FLOAT64);

    @Override
    public DType convert(String text) {
        String name = bare(text);
        DType known = SHORT.get(name);
        if (known != null) {
            return known;
        }
        List<DType> floating =
                Arrays.stream(DType.values()).filter(DType::isFloatingPoint).toList();
        return floating.stream()
                .filter(dtype -> name(dtype).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new TypeConversionException("'" + text + "' is not a floating-point dtype; there are "
                                + floating.stream().map(DTypeNames::name).collect(Collectors.joining(", "))
                                + ", and short bf16, f16, f32, f64"));
    }

    /** Accepts the dtypes of integers and truth values too. */
    static final class Any implements ITypeConverter<DType> {

        @Override
        public DType convert(String text) {
            String name = bare(text);
            DType known = SHORT.get(name);
            try {
                return known == null ? DType.of(name) : known;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a dtype: give PyTorch's name, such as float32, bfloat16 or int64");
            }
        }
    }

    /** Returns the name of the dtype of a described tensor, which PyTorch may not have. */
    static String name(TensorInfo tensor) {
        return withoutTorch(tensor.typeName());
    }

    private static String bare(String text) {
        return withoutTorch(text.toLowerCase(Locale.ROOT));
    }

    /** Returns the name without {@code torch.}. */
    static String name(DType dtype) {
        return withoutTorch(dtype.torchName());
    }

    /** Returns a name without {@code torch.} at its beginning. */
    static String withoutTorch(String name) {
        return name.startsWith("torch.") ? name.substring("torch.".length()) : name;
    }
}
