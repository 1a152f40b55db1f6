package org.jtorch.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.bert.BertConfig;
import org.jtorch.models.bert.BertForMaskedLM;
import org.jtorch.models.bert.BertForQuestionAnswering;
import org.jtorch.models.bert.BertForSequenceClassification;
import org.jtorch.models.bert.BertForTokenClassification;
import org.jtorch.models.bert.BertModel;
import org.jtorch.models.convnext.ConvNeXt;
import org.jtorch.models.convnext.ConvNeXtConfig;
import org.jtorch.models.dinov2.Dinov2Config;
import org.jtorch.models.dinov2.Dinov2ForImageClassification;
import org.jtorch.models.dinov2.Dinov2Model;
import org.jtorch.models.distilbert.DistilBertConfig;
import org.jtorch.models.distilbert.DistilBertForMaskedLM;
import org.jtorch.models.distilbert.DistilBertForQuestionAnswering;
import org.jtorch.models.distilbert.DistilBertForSequenceClassification;
import org.jtorch.models.distilbert.DistilBertForTokenClassification;
import org.jtorch.models.distilbert.DistilBertModel;
import org.jtorch.models.efficientnet.EfficientNet;
import org.jtorch.models.efficientnet.EfficientNetConfig;
import org.jtorch.models.gemma.GemmaConfig;
import org.jtorch.models.gemma.GemmaForCausalLM;
import org.jtorch.models.gpt2.GPT2Config;
import org.jtorch.models.gpt2.GPT2LMHeadModel;
import org.jtorch.models.llama.LlamaConfig;
import org.jtorch.models.llama.LlamaForCausalLM;
import org.jtorch.models.mistral.MistralConfig;
import org.jtorch.models.mistral.MistralForCausalLM;
import org.jtorch.models.mobilenetv2.MobileNetV2;
import org.jtorch.models.mobilenetv2.MobileNetV2Config;
import org.jtorch.models.mobilenetv3.MobileNetV3;
import org.jtorch.models.mobilenetv3.MobileNetV3Config;
import org.jtorch.models.mpnet.MPNetConfig;
import org.jtorch.models.mpnet.MPNetForMaskedLM;
import org.jtorch.models.mpnet.MPNetForQuestionAnswering;
import org.jtorch.models.mpnet.MPNetForSequenceClassification;
import org.jtorch.models.mpnet.MPNetForTokenClassification;
import org.jtorch.models.mpnet.MPNetModel;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.models.qwen2.Qwen2Config;
import org.jtorch.models.qwen2.Qwen2ForCausalLM;
import org.jtorch.models.qwen3.Qwen3Config;
import org.jtorch.models.qwen3.Qwen3ForCausalLM;
import org.jtorch.models.resnet.ResNet;
import org.jtorch.models.resnet.ResNetConfig;
import org.jtorch.models.roberta.RobertaConfig;
import org.jtorch.models.roberta.RobertaForMaskedLM;
import org.jtorch.models.roberta.RobertaForQuestionAnswering;
import org.jtorch.models.roberta.RobertaForSequenceClassification;
import org.jtorch.models.roberta.RobertaForTokenClassification;
import org.jtorch.models.roberta.RobertaModel;
import org.jtorch.models.swin.SwinTransformer;
import org.jtorch.models.swin.SwinTransformerConfig;
import org.jtorch.models.t5.T5Config;
import org.jtorch.models.t5.T5EncoderModel;
import org.jtorch.models.t5.T5ForConditionalGeneration;
import org.jtorch.models.vit.ViTConfig;
import org.jtorch.models.vit.ViTForImageClassification;
import org.jtorch.models.vit.ViTModel;
import org.jtorch.models.vit.VisionTransformer;
import org.jtorch.models.vit.VisionTransformerConfig;

/**
 * Reads a model from a folder without its class being known: {@code config.json} names it.
 *
 * <pre>{@code
 * PretrainedModel<?, ?, ?> model = Pretrained.load(Path.of("bert-base-uncased"));
 * }</pre>
 */
public final class Pretrained {

    /** Reads the models of one architecture. */
    @FunctionalInterface
    private interface Reader {
        PretrainedModel<?, ?, ?> read(Path folder, Consumer<? super PretrainedOptions> options);
    }

    private static final Map<String, Reader> ARCHITECTURES = new ConcurrentSkipListMap<>();

    /** For files that do not name their architecture. */
    private static final Map<String, Reader> TYPES = new TreeMap<>();

    static {
        base("bert", "BertModel", BertConfig::new, BertModel::new);
        add("BertForMaskedLM", BertConfig::new, BertForMaskedLM::new);
        add("BertForSequenceClassification", BertConfig::new, BertForSequenceClassification::new);
        add("BertForTokenClassification", BertConfig::new, BertForTokenClassification::new);
        add("BertForQuestionAnswering", BertConfig::new, BertForQuestionAnswering::new);
        base("gpt2", "GPT2LMHeadModel", GPT2Config::new, GPT2LMHeadModel::new);
        base("llama", "LlamaForCausalLM", LlamaConfig::new, LlamaForCausalLM::new);
        base("gemma", "GemmaForCausalLM", GemmaConfig::new, GemmaForCausalLM::new);
        base("mistral", "MistralForCausalLM", MistralConfig::new, MistralForCausalLM::new);
        base("qwen2", "Qwen2ForCausalLM", Qwen2Config::new, Qwen2ForCausalLM::new);
        base("qwen3", "Qwen3ForCausalLM", Qwen3Config::new, Qwen3ForCausalLM::new);
        base("distilbert", "DistilBertModel", DistilBertConfig::new, DistilBertModel::new);
        add("DistilBertForMaskedLM", DistilBertConfig::new, DistilBertForMaskedLM::new);
        add("DistilBertForSequenceClassification", DistilBertConfig::new, DistilBertForSequenceClassification::new);
        add("DistilBertForTokenClassification", DistilBertConfig::new, DistilBertForTokenClassification::new);
        add("DistilBertForQuestionAnswering", DistilBertConfig::new, DistilBertForQuestionAnswering::new);
        base("mpnet", "MPNetModel", MPNetConfig::new, MPNetModel::new);
        add("MPNetForMaskedLM", MPNetConfig::new, MPNetForMaskedLM::new);
        add("MPNetForSequenceClassification", MPNetConfig::new, MPNetForSequenceClassification::new);
        add("MPNetForTokenClassification", MPNetConfig::new, MPNetForTokenClassification::new);
        add("MPNetForQuestionAnswering", MPNetConfig::new, MPNetForQuestionAnswering::new);
        base("vit", "ViTModel", ViTConfig::new, ViTModel::new);
        add("ViTForImageClassification", ViTConfig::new, ViTForImageClassification::new);
        base("dinov2", "Dinov2Model", Dinov2Config::new, Dinov2Model::new);
        add("Dinov2ForImageClassification", Dinov2Config::new, Dinov2ForImageClassification::new);
        base("t5", "T5EncoderModel", T5Config::new, T5EncoderModel::new);
        add("T5ForConditionalGeneration", T5Config::new, T5ForConditionalGeneration::new);
        Map.of("roberta", "Roberta", "xlm-roberta", "XLMRoberta", "camembert", "Camembert")
                .forEach((type, prefix) -> {
                    base(type, prefix + "Model", RobertaConfig::new, RobertaModel::new);
                    add(prefix + "ForMaskedLM", RobertaConfig::new, RobertaForMaskedLM::new);
                    add(
                            prefix + "ForSequenceClassification",
                            RobertaConfig::new,
                            RobertaForSequenceClassification::new);
                    add(prefix + "ForTokenClassification", RobertaConfig::new, RobertaForTokenClassification::new);
                    add(prefix + "ForQuestionAnswering", RobertaConfig::new, RobertaForQuestionAnswering::new);
                });
        base("torchvision_resnet", "ResNet", ResNetConfig::new, ResNet::new);
        base("torchvision_mobilenet_v2", "MobileNetV2", MobileNetV2Config::new, MobileNetV2::new);
        base("torchvision_mobilenet_v3", "MobileNetV3", MobileNetV3Config::new, MobileNetV3::new);
        base("torchvision_efficientnet", "EfficientNet", EfficientNetConfig::new, EfficientNet::new);
        base("torchvision_convnext", "ConvNeXt", ConvNeXtConfig::new, ConvNeXt::new);
        base("torchvision_vit", "VisionTransformer", VisionTransformerConfig::new, VisionTransformer::new);
        base("torchvision_swin", "SwinTransformer", SwinTransformerConfig::new, SwinTransformer::new);
    }

    private Pretrained() {}

    private static <C extends ModelConfig> void add(
            String architecture,
            Function<Map<String, @Nullable Object>, C> config,
            Function<C, ? extends PretrainedModel<C, ?, ?>> model) {
        ARCHITECTURES.put(architecture, (folder, options) -> PretrainedFiles.load(folder, config, model, options));
    }

    private static <C extends ModelConfig> void base(
            String modelType,
            String architecture,
            Function<Map<String, @Nullable Object>, C> config,
            Function<C, ? extends PretrainedModel<C, ?, ?>> model) {
        add(architecture, config, model);
        TYPES.put(modelType, Objects.requireNonNull(ARCHITECTURES.get(architecture)));
    }

    /** Reads a model with the default options, as {@link #load(Path, Consumer)}. */
    public static PretrainedModel<?, ?, ?> load(Path folder) {
        return load(folder, o -> {});
    }

    /**
     * Reads the model that {@code config.json} names in {@code architectures}; if it names none, the model without a head of
     * {@code model_type}.
     *
     * @param folder a folder with {@code config.json} and weights
     * @param options sets the optional arguments
     * @return the model, in eval mode
     * @throws ConfigException if the architecture is not known, or if the configuration asks for something that is not computed
     */
    public static PretrainedModel<?, ?, ?> load(Path folder, Consumer<? super PretrainedOptions> options) {
        Map<String, @Nullable Object> values = ModelConfig.read(folder);
        if (values.get("architectures") instanceof List<?> names && !names.isEmpty()) {
            Reader reader = ARCHITECTURES.get(String.valueOf(names.get(0)));
            if (reader == null) {
                throw new ConfigException(
                        "the model in " + folder + " is a " + names.get(0) + ", which is none of " + architectures());
            }
            return reader.read(folder, options);
        }
        return loadBase(folder, options);
    }

    /**
     * Reads the model without a head that belongs to the {@code model_type} of {@code config.json}, whatever head the folder has. Of a
     * decoder, this is the model that scores the next token; of an encoder and decoder, the encoder.
     *
     * @param folder a folder with {@code config.json} and weights
     * @param options sets the optional arguments
     * @return the model, in eval mode
     * @throws ConfigException if the type is not known, or if the configuration asks for something that is not computed
     */
    public static PretrainedModel<?, ?, ?> loadBase(Path folder, Consumer<? super PretrainedOptions> options) {
        Object type = ModelConfig.read(folder).get("model_type");
        Reader reader = TYPES.get(String.valueOf(type));
        if (reader == null) {
            throw new ConfigException(
                    "the model_type in " + folder + " is " + type + ", which is none of " + TYPES.keySet());
        }
        return reader.read(folder, options);
    }

    /**
     * Makes {@link #load(Path)} read a model of one's own.
     *
     * <pre>{@code
     * Pretrained.register("TinyForCausalLM", TinyConfig::new, TinyForCausalLM::new);
     * }</pre>
     *
     * @param architecture its name, as {@code architectures} in {@code config.json} has it
     * @param config creates the configuration from the values in the file
     * @param model creates the model
     * @throws IllegalArgumentException if the name is that of another model
     */
    public static <C extends ModelConfig> void register(
            String architecture,
            Function<Map<String, @Nullable Object>, C> config,
            Function<C, ? extends PretrainedModel<C, ?, ?>> model) {
        Reader reader = (folder, options) -> PretrainedFiles.load(folder, config, model, options);
        if (ARCHITECTURES.putIfAbsent(architecture, reader) != null) {
            throw new IllegalArgumentException("there is a model of the name " + architecture + " already");
        }
    }

    /** Returns the names of the architectures that can be read. */
    public static Set<String> architectures() {
        return new TreeSet<>(ARCHITECTURES.keySet());
    }
}
