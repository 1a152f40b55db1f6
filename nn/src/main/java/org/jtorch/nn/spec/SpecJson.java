package org.jtorch.nn.spec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * The JSON format of {@link ModuleSpec}s and of their values.
 *
 * <table>
 * <caption>Values</caption>
 * <tr><th>JSON</th><th>value</th></tr>
 * <tr><td>null, true, false, a string</td><td>null, {@code Boolean}, {@code String}</td></tr>
 * <tr><td>a number</td><td>{@code Long}, or {@code Double} where it has a point or an exponent</td></tr>
 * <tr><td>{@code {"float": "inf"}}, {@code "-inf"}, {@code "nan"}</td><td>{@code Double}</td></tr>
 * <tr><td>{@code [..]}, {@code {"tuple": [..]}}</td><td>{@code List}</td></tr>
 * <tr><td>{@code {"module": "Conv2d", "args": [3, 64, 7], "kwargs": {"stride": 2}}}</td><td>{@link ModuleSpec}; {@code args}
 *     and {@code kwargs} may be left out</td></tr>
 * <tr><td>{@code {"dtype": "float32"}}, {@code {"device": "cpu"}}</td><td>{@code DType}, {@code Device}</td></tr>
 * <tr><td>{@code {"function": "relu"}}</td><td>{@link FunctionSpec}</td></tr>
 * <tr><td>{@code {"tensor": [[1.0, 2.0]], "dtype": "float32"}}</td><td>{@code Tensor}; with {@code "requires_grad": true} it
 *     requires grad. Without a dtype as {@code torch.tensor}: int64, float32 or bool</td></tr>
 * <tr><td>{@code {"tensor": "t3"}}</td><td>the {@code Tensor} that whoever reads has under this name</td></tr>
 * <tr><td>{@code {..}} with other keys, {@code {"dict": {..}}} with any</td><td>{@code Map}</td></tr>
 * </table>
 *
 * <p>Reading creates data only: no class is looked up by name, no module is built, and no code is run. An invalid document
 * causes an {@link IllegalArgumentException} whose message gives the position, such as
 * {@code args[0].kwargs.stride (line 4, column 12)}, and the remedy.
 */
public final class SpecJson {

    /** The greatest depth of nested containers that is read and written. */
    static final int MAX_NESTING = 500;

    /**
     * The keys that determine the type of value that an object represents. A dict that has such a key is written as {@code
     * {"dict": {..}}}.
     */
    static final Set<String> TAGS = Set.of(
            "module",
            "args",
            "kwargs",
            "tensor",
            "requires_grad",
            "dtype",
            "device",
            "function",
            "float",
            "tuple",
            "dict");

    private SpecJson() {}

    /**
     * Returns the list of values that a document contains, in the format of {@code args}.
     *
     * @param json the document
     * @param tensors returns the tensor with the given name
     * @return a modifiable list
     * @throws IllegalArgumentException if it is not such a list
     */
    public static List<@Nullable Object> args(String json, Function<String, Tensor> tensors) {
        return document(() -> SpecReader.JSON.createParser(json), tensors, SpecReader::args);
    }

    /**
     * Returns the values by name that a document contains, in the format of {@code kwargs}. Its keys have no special meaning.
     *
     * @param json the document
     * @param tensors returns the tensor with the given name
     * @return a modifiable map
     * @throws IllegalArgumentException if it is not such an object
     */
    public static Map<String, @Nullable Object> kwargs(String json, Function<String, Tensor> tensors) {
        return document(() -> SpecReader.JSON.createParser(json), tensors, SpecReader::kwargs);
    }

    static ModuleSpec spec(String json) {
        return document(() -> SpecReader.JSON.createParser(json), SpecJson::noNames, SpecReader::spec);
    }

    static ModuleSpec spec(byte[] json) {
        return document(() -> SpecReader.JSON.createParser(json), SpecJson::noNames, SpecReader::spec);
    }

    static String text(ModuleSpec spec) {
        return JsonText.of(SpecWriter.tree(spec));
    }

    private static Tensor noNames(String name) {
        throw new IllegalArgumentException("a tensor is given by the name '" + name
                + "': write its values, {\"tensor\": [1.0, 2.0], \"dtype\": \"float32\"}");
    }

    private interface Opening {
        JsonParser open() throws IOException;
    }

    private interface Part<T> {
        T read(SpecReader reader) throws IOException;
    }

    private static <T> T document(Opening opening, Function<String, Tensor> tensors, Part<T> part) {
        try (JsonParser parser = opening.open()) {
            SpecReader reader = new SpecReader(parser, tensors);
            try {
                reader.begin();
                T read = part.read(reader);
                reader.end();
                return read;
            } catch (JsonProcessingException e) {
                throw reader.broken(e);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("this is not JSON: " + e.getMessage(), e);
        }
    }
}
