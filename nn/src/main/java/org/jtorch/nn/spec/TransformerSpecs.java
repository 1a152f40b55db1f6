package org.jtorch.nn.spec;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.transformer.Transformer;
import org.jtorch.nn.transformer.TransformerDecoder;
import org.jtorch.nn.transformer.TransformerDecoderLayer;
import org.jtorch.nn.transformer.TransformerEncoder;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.jtorch.nn.transformer.TransformerLayerOptions;

/** The constructors of {@code org.jtorch.nn.transformer}, and of multi-head attention. */
final class TransformerSpecs {

    private static final String FORM =
            "layer_norm_eps=1e-05, batch_first=False, norm_first=False, bias=True, device=None, dtype=None)";
    private static final String LAYER =
            "(d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=F.relu, " + FORM;

    private TransformerSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "MultiheadAttention(embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False,"
                        + " kdim=None, vdim=None, batch_first=False, device=None, dtype=None)",
                a -> new MultiheadAttention(a.integer("embed_dim"), a.integer("num_heads"), o -> a.placed(o)
                        .dropout(a.real("dropout"))
                        .bias(a.bool("bias"))
                        .addBiasKv(a.bool("add_bias_kv"))
                        .addZeroAttn(a.bool("add_zero_attn"))
                        .kdim(a.integerOrNull("kdim"))
                        .vdim(a.integerOrNull("vdim"))
                        .batchFirst(a.bool("batch_first"))));
        c.add(
                "TransformerEncoderLayer" + LAYER,
                a -> new TransformerEncoderLayer(a.integer("d_model"), a.integer("nhead"), o -> shared(a, o)));
        c.add(
                "TransformerDecoderLayer" + LAYER,
                a -> new TransformerDecoderLayer(a.integer("d_model"), a.integer("nhead"), o -> shared(a, o)));
        c.add(
                "TransformerEncoder(encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True)",
                a -> new TransformerEncoder(
                        part(a, "encoder_layer", TransformerEncoderLayer.class), a.integer("num_layers"), o -> o.norm(
                                        norm(a))
                                .enableNestedTensor(a.bool("enable_nested_tensor"))
                                .maskCheck(a.bool("mask_check"))));
        c.add(
                "TransformerDecoder(decoder_layer, num_layers, norm=None)",
                a -> new TransformerDecoder(
                        part(a, "decoder_layer", TransformerDecoderLayer.class),
                        a.integer("num_layers"),
                        o -> o.norm(norm(a))));
        c.add(
                "Transformer(d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048,"
                        + " dropout=0.1, activation=F.relu, custom_encoder=None, custom_decoder=None, " + FORM,
                a -> new Transformer(o -> shared(a, o)
                        .dModel(a.integer("d_model"))
                        .nhead(a.integer("nhead"))
                        .numEncoderLayers(a.integer("num_encoder_layers"))
                        .numDecoderLayers(a.integer("num_decoder_layers"))
                        .customEncoder(typed(a.moduleOrNull("custom_encoder")))
                        .customDecoder(typed(a.moduleOrNull("custom_decoder")))));
    }

    private static <O extends TransformerLayerOptions<O>> O shared(Arguments a, O o) {
        return activation(a, a.placed(o))
                .dimFeedforward(a.integer("dim_feedforward"))
                .dropout(a.number("dropout"))
                .layerNormEps(a.number("layer_norm_eps"))
                .batchFirst(a.bool("batch_first"))
                .normFirst(a.bool("norm_first"))
                .bias(a.bool("bias"));
    }

    /** Applies an activation given as a name, a function or a module. */
    @SuppressWarnings("unchecked") // A function of another type fails when it is called, as in Python.
    private static <O extends TransformerLayerOptions<O>> O activation(Arguments a, O o) {
        Object given = a.get("activation");
        if (given instanceof String name) {
            return o.activation(name);
        } else if (given instanceof FunctionSpec function) {
            boolean known = function.name().equals("relu") || function.name().equals("gelu");
            return known ? o.activation(function.name()) : o.activation(function.build());
        } else if (given instanceof UnaryOperator<?> function) {
            return o.activation((UnaryOperator<Tensor>) function);
        }
        return o.activation((Module<Tensor, Tensor>) a.module("activation"));
    }

    private static @Nullable Module<Tensor, Tensor> norm(Arguments a) {
        return typed(a.moduleOrNull("norm"));
    }

    private static <M extends Module<?, ?>> M part(Arguments a, String name, Class<M> type) {
        Module<?, ?> module = a.module(name);
        if (!type.isInstance(module)) {
            throw new IllegalArgumentException("argument '" + name + "' is "
                    + module.getClass().getSimpleName() + ": give " + type.getSimpleName());
        }
        return type.cast(module);
    }

    /** Returns the module with its expected type. A module with another type of input fails when it is called, as in Python. */
    @SuppressWarnings("unchecked")
    private static <I> @Nullable Module<I, Tensor> typed(@Nullable Module<?, ?> module) {
        return (Module<I, Tensor>) module;
    }
}
