package org.jtorch.parity.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jtorch.nn.functional.F;
import org.junit.jupiter.api.Test;

/** Each function of {@link F} can be called with only PyTorch's required arguments, and with all of its arguments. */
class FunctionArgumentsTest {

    /**
     * Signatures that {@code functional.tsv} does not contain, because Python cannot read them from PyTorch's documentation.
     */
    private static final Map<String, String> SIGNATURES = Map.of(
            "conv_tbc", "(input, weight, bias, pad=0)",
            "scaled_dot_product_attention",
                    "(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False)");

    /** Arguments that have another form in Java, or none: see {@code remarks.tsv}. */
    private static final Set<String> NOT_TAKEN =
            Set.of("size_average", "reduce", "_stacklevel", "return_indices", "gumbel_softmax.eps", "normalize.out");

    /** Functions that fail in PyTorch too without one of two optional arguments. */
    private static final Set<String> NEED_AN_OPTION = Set.of(
            "interpolate",
            "fractional_max_pool2d",
            "fractional_max_pool2d_with_indices",
            "fractional_max_pool3d",
            "fractional_max_pool3d_with_indices");

    private record Arguments(int required, List<String> optional) {}

    @Test
    void requiredOnesAreEnoughAndAllCanBeGiven() {
        List<String> lacking = new ArrayList<>();
        List<TorchApi.Row> rows = TorchApi.rows(TorchApi.Part.FUNCTIONAL).stream()
                .filter(row -> row.note().isEmpty())
                .toList();
        assertEquals(125, rows.size());
        for (TorchApi.Row row : rows) {
            Arguments arguments = arguments(row.name(), signature(row, rows));
            List<Method> forms = Arrays.stream(F.class.getMethods())
                    .filter(m -> m.getName().equals(JavaNames.camelCase(row.name())))
                    .toList();
            if (!NEED_AN_OPTION.contains(row.name())
                    && forms.stream().noneMatch(m -> m.getParameterCount() == arguments.required())) {
                lacking.add(row.name() + ": no form of " + arguments.required() + " arguments");
            }
            if (forms.stream().noneMatch(m -> takesAll(m, arguments))) {
                lacking.add(row.name() + ": no form takes all of " + arguments.optional());
            }
        }
        assertEquals(List.of(), lacking);
    }

    /**
     * Returns the signature of a function. Those that PyTorch chooses by {@code return_indices} have the signature of the one
     * that returns the indices.
     */
    private static String signature(TorchApi.Row row, List<TorchApi.Row> rows) {
        if (!row.signature().startsWith("(*args")) {
            return SIGNATURES.getOrDefault(row.name(), row.signature());
        }
        return rows.stream()
                .filter(other -> other.name().equals(row.name() + "_with_indices"))
                .findAny()
                .orElseThrow()
                .signature();
    }

    /** Returns whether a method takes all arguments, by position, or the optional ones by a customizer that has all of them. */
    private static boolean takesAll(Method method, Arguments arguments) {
        int count = method.getParameterCount();
        if (count == arguments.required() + arguments.optional().size()) {
            return true;
        }
        if (count != arguments.required() + 1 || method.getParameterTypes()[count - 1] != Consumer.class) {
            return false;
        }
        Class<?> options = (Class<?>)
                ((ParameterizedType) method.getGenericParameterTypes()[count - 1]).getActualTypeArguments()[0];
        List<String> setters =
                Arrays.stream(options.getMethods()).map(Method::getName).toList();
        return arguments.optional().stream().map(JavaNames::camelCase).allMatch(setters::contains);
    }

    /** Returns the arguments of {@code f(a: int, b: tuple[int, int] = (1, 2), *, c=None) -> Tensor} that Java should accept. */
    private static Arguments arguments(String function, String signature) {
        int required = 0;
        List<String> optional = new ArrayList<>();
        for (String parameter : parameters(signature)) {
            String name = parameter.replaceFirst("[:=].*", "").strip();
            if (name.equals("*") || NOT_TAKEN.contains(name) || NOT_TAKEN.contains(function + "." + name)) {
                continue;
            }
            if (parameter.contains("=")) {
                optional.add(name);
            } else {
                required++;
            }
        }
        return new Arguments(required, optional);
    }

    private static List<String> parameters(String signature) {
        List<String> parameters = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < signature.length(); i++) {
            char c = signature.charAt(i);
            if (c == '(' || c == '[') {
                start = depth++ == 0 ? i + 1 : start;
            } else if (c == ')' || c == ']') {
                depth--;
            }
            if (c == ',' && depth == 1 || c == ')' && depth == 0) {
                parameters.add(signature.substring(start, i).strip());
                start = i + 1;
            }
            if (depth == 0 && c == ')') {
                return parameters;
            }
        }
        throw new IllegalArgumentException("no end: " + signature);
    }
}
