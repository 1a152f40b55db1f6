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
 * The JSON of {@link ModuleSpec}s and of their values.
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
 * <p>Reading makes data: no class is looked up by its name, no module is built, nothing runs. What is refused is an
 * {@link IllegalArgumentException} that names the place, {@code args[0].kwargs.stride (line 4, column 12)}, and the remedy.
 */
public final class SpecJson {

    /** Containers in containers that are read and written at most. */
    static final int MAX_NESTING = 500;

    /** Keys that say what kind of value an object is; a dict that has one of them is written as {@code {"dict": {..}}}. */
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
     * Returns the list of values that a document is, as stands under {@code args}.
     *
     * @param json the document
     * @param tensors gives the tensor that a name stands for
     * @return a list that may be changed
     * @throws IllegalArgumentException if it is no such list
     */
    public static List<@Nullable Object> args(String json, Function<String, Tensor> tensors) {
        return document(() -> SpecReader.JSON.createParser(json), tensors, SpecReader::args);
    }

    /**
     * Returns the values by names that a document is, as stands under {@code kwargs}; its keys have no other meaning.
     *
     * @param json the document
     * @param tensors gives the tensor that a name stands for
     * @return a map that may be changed
     * @throws IllegalArgumentException if it is no such object
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
            throw new IllegalArgumentException("this is no JSON: " + e.getMessage(), e);
        }
    }
}
