package org.jtorch.export.internal.pt2;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.OutputSpec;
import org.jtorch.export.graph.SymBool;
import org.jtorch.export.graph.SymExpr;
import org.jtorch.export.graph.SymFloat;
import org.jtorch.export.graph.SymInt;
import org.jtorch.internal.text.JsonText;

/**
 * The JSON of {@code torch.export}'s schema. The records of {@link org.jtorch.export.graph} have the fields of its classes, with
 * Java's spelling; this class adds which field of a union is which record.
 */
public final class ProgramJson {

    /** Graphs contain graphs only for branches and loops. */
    private static final int NESTING = 500;

    private static final ObjectMapper MAPPER = mapper();

    private ProgramJson() {}

    private static ObjectMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(NESTING)
                        .maxStringLength(1 << 26)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as Python writes infinity
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL)) // no null in lists and maps
                .addModule(unions())
                .build();
    }

    private static SimpleModule unions() {
        SimpleModule module = new SimpleModule();
        Union.of(Argument.class)
                .with("as_none", Argument.None.class)
                .with("as_tensor", Argument.Tensor.class)
                .with("as_tensors", Argument.Tensors.class)
                .with("as_int", Argument.Int.class)
                .with("as_ints", Argument.Ints.class)
                .with("as_float", Argument.Float.class)
                .with("as_floats", Argument.Floats.class)
                .with("as_string", Argument.Text.class)
                .with("as_strings", Argument.Texts.class)
                .with("as_sym_int", Argument.SymInt.class)
                .with("as_sym_ints", Argument.SymInts.class)
                .with("as_scalar_type", Argument.ScalarType.class)
                .with("as_memory_format", Argument.MemoryFormat.class)
                .with("as_layout", Argument.Layout.class)
                .with("as_device", Argument.Device.class)
                .with("as_bool", Argument.Bool.class)
                .with("as_bools", Argument.Bools.class)
                .with("as_sym_bool", Argument.SymBool.class)
                .with("as_sym_bools", Argument.SymBools.class)
                .with("as_graph", Argument.SubGraph.class)
                .with("as_optional_tensors", Argument.OptionalTensors.class)
                .with("as_custom_obj", Argument.CustomObject.class)
                .with("as_operator", Argument.Operator.class)
                .with("as_sym_float", Argument.SymFloat.class)
                .with("as_sym_floats", Argument.SymFloats.class)
                .with("as_optional_tensor", Argument.OptionalTensor.class)
                .with("as_complex", Argument.Complex.class)
                .with("as_nested_tensors", Argument.NestedTensors.class)
                .with("as_int_lists", Argument.IntLists.class)
                .with("as_string_to_argument", Argument.StringToArgument.class)
                .with("as_float_lists", Argument.FloatLists.class)
                .addTo(module);
        Union.of(Argument.SymIntArgument.class)
                .with("as_name", Argument.SymIntArgument.Name.class)
                .with("as_int", Argument.SymIntArgument.Constant.class)
                .addTo(module);
        Union.of(Argument.SymFloatArgument.class)
                .with("as_name", Argument.SymFloatArgument.Name.class)
                .with("as_float", Argument.SymFloatArgument.Constant.class)
                .addTo(module);
        Union.of(Argument.SymBoolArgument.class)
                .with("as_name", Argument.SymBoolArgument.Name.class)
                .with("as_bool", Argument.SymBoolArgument.Constant.class)
                .addTo(module);
        Union.of(Argument.OptionalTensorArgument.class)
                .with("as_tensor", Argument.OptionalTensorArgument.Present.class)
                .with("as_none", Argument.OptionalTensorArgument.Absent.class)
                .addTo(module);
        Union.of(SymInt.class)
                .with("as_expr", SymInt.Expression.class)
                .with("as_int", SymInt.Known.class)
                .addTo(module);
        Union.of(SymFloat.class)
                .with("as_expr", SymFloat.Expression.class)
                .with("as_float", SymFloat.Known.class)
                .addTo(module);
        Union.of(SymBool.class)
                .with("as_expr", SymBool.Expression.class)
                .with("as_bool", SymBool.Known.class)
                .addTo(module);
        Union.of(SymExpr.Hint.class)
                .with("as_int", SymExpr.Hint.Int.class)
                .with("as_bool", SymExpr.Hint.Bool.class)
                .with("as_float", SymExpr.Hint.Float.class)
                .addTo(module);
        Union.of(InputSpec.class)
                .with("user_input", InputSpec.UserInput.class)
                .with("parameter", InputSpec.ParameterInput.class)
                .with("buffer", InputSpec.BufferInput.class)
                .with("tensor_constant", InputSpec.TensorConstant.class)
                .with("custom_obj", InputSpec.CustomObject.class)
                .with("token", InputSpec.Token.class)
                .with("constant_input", InputSpec.ConstantInput.class)
                .addTo(module);
        Union.of(InputSpec.ConstantValue.class)
                .with("as_none", InputSpec.ConstantValue.None.class)
                .with("as_int", InputSpec.ConstantValue.Int.class)
                .with("as_float", InputSpec.ConstantValue.Float.class)
                .with("as_string", InputSpec.ConstantValue.Text.class)
                .with("as_bool", InputSpec.ConstantValue.Bool.class)
                .addTo(module);
        Union.of(OutputSpec.class)
                .with("user_output", OutputSpec.UserOutput.class)
                .with("loss_output", OutputSpec.LossOutput.class)
                .with("buffer_mutation", OutputSpec.BufferMutation.class)
                .with("gradient_to_parameter", OutputSpec.GradientToParameter.class)
                .with("gradient_to_user_input", OutputSpec.GradientToUserInput.class)
                .with("user_input_mutation", OutputSpec.UserInputMutation.class)
                .with("token", OutputSpec.Token.class)
                .with("parameter_mutation", OutputSpec.ParameterMutation.class)
                .addTo(module);
        return module;
    }

    /** Returns the schema's spelling of a name. */
    static String snake(String name) {
        return PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(name);
    }

    /**
     * Reads a value.
     *
     * @param what what the bytes are, for messages
     * @throws ExportException if the JSON is damaged, a field is unknown or missing, or a value has another type
     */
    static <T> T read(byte[] bytes, Class<T> type, String what) {
        try {
            T value = MAPPER.readValue(bytes, type);
            if (value == null) {
                throw new ExportException(what + " is null");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw new ExportException(
                    what + " has the unknown field '" + e.getPropertyName() + "' at " + place(e)
                            + ": a newer PyTorch than 2.14 may have written it; export the model with an older one",
                    e);
        } catch (JsonMappingException e) {
            throw new ExportException(
                    what + " cannot be read: " + e.getOriginalMessage().replaceAll("\n.*", "") + ", at " + place(e), e);
        } catch (JsonProcessingException e) {
            throw new ExportException(what + " is not valid JSON: " + JsonText.problem(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new ExportException(what + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns the path to the value, such as {@code graph_module.graph.nodes[3].target}. */
    private static String place(JsonMappingException e) {
        StringBuilder place = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                place.append('[').append(reference.getIndex()).append(']');
            } else {
                place.append(place.length() == 0 ? "" : ".").append(reference.getFieldName());
            }
        }
        return place.length() == 0 ? "its start" : place.toString();
    }

    /** Writes a record. */
    static byte[] write(Record value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = MAPPER.createGenerator(bytes)) {
            new SchemaWriter(out).write(value, value.getClass());
        } catch (IOException e) {
            throw new ExportException("the program cannot be written: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }
}
