package org.jtorch.export.internal.pt2;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
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

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as Python writes infinity
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(NESTING)
                    .maxStringLength(1 << 26)
                    .build())
            .build();

    private ProgramJson() {}

    static {
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
                .add();
        Union.of(Argument.SymIntArgument.class)
                .with("as_name", Argument.SymIntArgument.Name.class)
                .with("as_int", Argument.SymIntArgument.Constant.class)
                .add();
        Union.of(Argument.SymFloatArgument.class)
                .with("as_name", Argument.SymFloatArgument.Name.class)
                .with("as_float", Argument.SymFloatArgument.Constant.class)
                .add();
        Union.of(Argument.SymBoolArgument.class)
                .with("as_name", Argument.SymBoolArgument.Name.class)
                .with("as_bool", Argument.SymBoolArgument.Constant.class)
                .add();
        Union.of(Argument.OptionalTensorArgument.class)
                .with("as_tensor", Argument.OptionalTensorArgument.Present.class)
                .with("as_none", Argument.OptionalTensorArgument.Absent.class)
                .add();
        Union.of(SymInt.class)
                .with("as_expr", SymInt.Expression.class)
                .with("as_int", SymInt.Known.class)
                .add();
        Union.of(SymFloat.class)
                .with("as_expr", SymFloat.Expression.class)
                .with("as_float", SymFloat.Known.class)
                .add();
        Union.of(SymBool.class)
                .with("as_expr", SymBool.Expression.class)
                .with("as_bool", SymBool.Known.class)
                .add();
        Union.of(SymExpr.Hint.class)
                .with("as_int", SymExpr.Hint.Int.class)
                .with("as_bool", SymExpr.Hint.Bool.class)
                .with("as_float", SymExpr.Hint.Float.class)
                .add();
        Union.of(InputSpec.class)
                .with("user_input", InputSpec.UserInput.class)
                .with("parameter", InputSpec.ParameterInput.class)
                .with("buffer", InputSpec.BufferInput.class)
                .with("tensor_constant", InputSpec.TensorConstant.class)
                .with("custom_obj", InputSpec.CustomObject.class)
                .with("token", InputSpec.Token.class)
                .with("constant_input", InputSpec.ConstantInput.class)
                .add();
        Union.of(InputSpec.ConstantValue.class)
                .with("as_none", InputSpec.ConstantValue.None.class)
                .with("as_int", InputSpec.ConstantValue.Int.class)
                .with("as_float", InputSpec.ConstantValue.Float.class)
                .with("as_string", InputSpec.ConstantValue.Text.class)
                .with("as_bool", InputSpec.ConstantValue.Bool.class)
                .add();
        Union.of(OutputSpec.class)
                .with("user_output", OutputSpec.UserOutput.class)
                .with("loss_output", OutputSpec.LossOutput.class)
                .with("buffer_mutation", OutputSpec.BufferMutation.class)
                .with("gradient_to_parameter", OutputSpec.GradientToParameter.class)
                .with("gradient_to_user_input", OutputSpec.GradientToUserInput.class)
                .with("user_input_mutation", OutputSpec.UserInputMutation.class)
                .with("token", OutputSpec.Token.class)
                .with("parameter_mutation", OutputSpec.ParameterMutation.class)
                .add();
    }

    /**
     * Reads a value.
     *
     * @param what what the bytes are, for messages
     * @throws ExportException if the JSON is damaged, a field is unknown or missing, or a value has another type
     */
    static <T> T read(byte[] bytes, Class<T> type, String what) {
        try (JsonParser in = JSON.createParser(bytes)) {
            if (in.nextToken() == JsonToken.VALUE_NULL) {
                throw new ExportException("is null");
            }
            T value = type.cast(Form.of(type).read(in));
            if (in.nextToken() != null) {
                throw new ExportException("is not valid JSON: there is something after its end");
            }
            return value;
        } catch (ExportException e) {
            throw new ExportException(what + " " + e.getMessage(), e);
        } catch (InputCoercionException e) {
            throw new ExportException(what + " cannot be read: " + JsonText.problem(e.getOriginalMessage()), e);
        } catch (JsonProcessingException e) {
            throw new ExportException(what + " is not valid JSON: " + JsonText.problem(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new ExportException(what + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Writes a record. */
    static byte[] write(Record value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            new SchemaWriter(out).write(value, value.getClass());
        } catch (IOException e) {
            throw new ExportException("the program cannot be written: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }
}
