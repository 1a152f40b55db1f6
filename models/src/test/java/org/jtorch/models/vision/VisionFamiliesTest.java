package org.jtorch.models.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.models.Pretrained;
import org.jtorch.models.convnext.ConvNeXt;
import org.jtorch.models.convnext.ConvNeXtConfig;
import org.jtorch.models.efficientnet.EfficientNet;
import org.jtorch.models.efficientnet.EfficientNetConfig;
import org.jtorch.models.mobilenetv2.MobileNetV2;
import org.jtorch.models.mobilenetv2.MobileNetV2Config;
import org.jtorch.models.mobilenetv3.MobileNetV3;
import org.jtorch.models.mobilenetv3.MobileNetV3Config;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.resnet.ResNet;
import org.jtorch.models.resnet.ResNetConfig;
import org.jtorch.models.swin.SwinTransformer;
import org.jtorch.models.swin.SwinTransformerConfig;
import org.jtorch.models.vit.VisionTransformer;
import org.jtorch.models.vit.VisionTransformerConfig;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.DefaultDevice;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compares models with what {@code parity/record/vision_families.py} recorded of torchvision's. */
class VisionFamiliesTest {

    private static final Path RECORDED = Path.of("src/test/resources/vision");

    private static final Map<String, Supplier<Module<?, ?>>> VARIANTS = new LinkedHashMap<>();

    private static final Map<String, Function<Map<String, @Nullable Object>, PretrainedModel<?, Tensor, Tensor>>>
            MODELS = Map.of(
                    "ResNet", values -> new ResNet(new ResNetConfig(values)),
                    "MobileNetV2", values -> new MobileNetV2(new MobileNetV2Config(values)),
                    "MobileNetV3", values -> new MobileNetV3(new MobileNetV3Config(values)),
                    "EfficientNet", values -> new EfficientNet(new EfficientNetConfig(values)),
                    "ConvNeXt", values -> new ConvNeXt(new ConvNeXtConfig(values)),
                    "VisionTransformer", values -> new VisionTransformer(new VisionTransformerConfig(values)),
                    "SwinTransformer", values -> new SwinTransformer(new SwinTransformerConfig(values)));

    static {
        VARIANTS.put("resnet18", ResNet::resnet18);
        VARIANTS.put("resnet34", ResNet::resnet34);
        VARIANTS.put("resnet50", ResNet::resnet50);
        VARIANTS.put("resnet101", ResNet::resnet101);
        VARIANTS.put("resnet152", ResNet::resnet152);
        VARIANTS.put("resnext50_32x4d", ResNet::resnext50_32x4d);
        VARIANTS.put("resnext101_32x8d", ResNet::resnext101_32x8d);
        VARIANTS.put("resnext101_64x4d", ResNet::resnext101_64x4d);
        VARIANTS.put("wide_resnet50_2", ResNet::wideResnet50_2);
        VARIANTS.put("wide_resnet101_2", ResNet::wideResnet101_2);
        VARIANTS.put("mobilenet_v2", MobileNetV2::mobilenetV2);
        VARIANTS.put("mobilenet_v3_small", MobileNetV3::mobilenetV3Small);
        VARIANTS.put("mobilenet_v3_large", MobileNetV3::mobilenetV3Large);
        VARIANTS.put("efficientnet_b0", EfficientNet::efficientnetB0);
        VARIANTS.put("efficientnet_b1", EfficientNet::efficientnetB1);
        VARIANTS.put("efficientnet_b2", EfficientNet::efficientnetB2);
        VARIANTS.put("efficientnet_b3", EfficientNet::efficientnetB3);
        VARIANTS.put("efficientnet_b4", EfficientNet::efficientnetB4);
        VARIANTS.put("efficientnet_b5", EfficientNet::efficientnetB5);
        VARIANTS.put("efficientnet_b6", EfficientNet::efficientnetB6);
        VARIANTS.put("efficientnet_b7", EfficientNet::efficientnetB7);
        VARIANTS.put("efficientnet_v2_s", EfficientNet::efficientnetV2S);
        VARIANTS.put("efficientnet_v2_m", EfficientNet::efficientnetV2M);
        VARIANTS.put("efficientnet_v2_l", EfficientNet::efficientnetV2L);
        VARIANTS.put("convnext_tiny", ConvNeXt::convnextTiny);
        VARIANTS.put("convnext_small", ConvNeXt::convnextSmall);
        VARIANTS.put("convnext_base", ConvNeXt::convnextBase);
        VARIANTS.put("convnext_large", ConvNeXt::convnextLarge);
        VARIANTS.put("vit_b_16", VisionTransformer::vitB16);
        VARIANTS.put("vit_b_32", VisionTransformer::vitB32);
        VARIANTS.put("vit_l_16", VisionTransformer::vitL16);
        VARIANTS.put("vit_l_32", VisionTransformer::vitL32);
        VARIANTS.put("vit_h_14", VisionTransformer::vitH14);
        VARIANTS.put("swin_t", SwinTransformer::swinT);
        VARIANTS.put("swin_s", SwinTransformer::swinS);
        VARIANTS.put("swin_b", SwinTransformer::swinB);
        VARIANTS.put("swin_v2_t", SwinTransformer::swinV2T);
        VARIANTS.put("swin_v2_s", SwinTransformer::swinV2S);
        VARIANTS.put("swin_v2_b", SwinTransformer::swinV2B);
    }

    @TempDir
    Path temp;

    // --- keys --------------------------------------------------------------------------------------------------

    @TestFactory
    List<DynamicTest> keysAndShapesAreThoseOfTorchvision() throws IOException {
        Map<String, List<List<Object>>> recorded;
        try (InputStream file = new GZIPInputStream(Files.newInputStream(RECORDED.resolve("keys.json.gz")))) {
            recorded = new ObjectMapper().readValue(file, new TypeReference<>() {});
        }
        assertEquals(recorded.keySet(), VARIANTS.keySet());
        List<DynamicTest> tests = new ArrayList<>();
        VARIANTS.forEach((name, variant) -> tests.add(
                inScope(name, () -> assertEquals(lines(recorded.get(name)), String.join("\n", keys(variant))))));
        return tests;
    }

    private static String lines(@Nullable List<List<Object>> recorded) {
        assertNotNull(recorded);
        return String.join(
                "\n",
                recorded.stream().map(row -> row.get(0) + " " + row.get(1)).toList());
    }

    private static List<String> keys(Supplier<Module<?, ?>> variant) {
        List<String> keys = new ArrayList<>();
        try (DefaultDevice meta = DefaultDevice.of(Device.META)) {
            variant.get().stateDict().forEach((key, value) -> keys.add(key + " " + List.of(boxed(value.shape()))));
        }
        return keys;
    }

    private static Long[] boxed(long[] shape) {
        return java.util.Arrays.stream(shape).boxed().toArray(Long[]::new);
    }

    // --- what tiny models compute ------------------------------------------------------------------------------

    @TestFactory
    List<DynamicTest> modelsComputeWhatTorchvisionComputes() throws IOException {
        return families(VisionFamiliesTest::compare);
    }

    @TestFactory
    List<DynamicTest> modelsAreReadFromWhatTheyWrite() throws IOException {
        return families(this::writeAndRead);
    }

    private static List<DynamicTest> families(Consumer<Path> check) throws IOException {
        try (Stream<Path> folders = Files.list(RECORDED)) {
            List<DynamicTest> tests = folders.filter(Files::isDirectory)
                    .sorted()
                    .map(folder -> inScope(folder.getFileName().toString(), () -> check.accept(folder)))
                    .toList();
            assertEquals(11, tests.size());
            return tests;
        }
    }

    private static DynamicTest inScope(String name, Runnable check) {
        return DynamicTest.dynamicTest(name, () -> {
            try (TensorScope scope = new TensorScope()) {
                check.run();
            }
        });
    }

    private static PretrainedModel<?, Tensor, Tensor> model(Path folder) {
        Map<String, @Nullable Object> values = ModelConfig.read(folder);
        Object name = ((List<?>) java.util.Objects.requireNonNull(values.get("architectures"))).get(0);
        PretrainedModel<?, Tensor, Tensor> model = java.util.Objects.requireNonNull(MODELS.get(String.valueOf(name)))
                .apply(values);
        Noise.fill(model);
        return model;
    }

    private static void compare(Path folder) {
        PretrainedModel<?, Tensor, Tensor> model = model(folder);
        Map<String, Tensor> expected =
                Checkpoint.load(folder.resolve("expected.safetensors")).tensors();
        Tensor input = recorded(expected, "input");
        model.eval();
        Tensor output = model.call(input);
        assertClose("output", recorded(expected, "output"), output, 1e-5);
        output.square().mean().backward();
        TreeSet<String> names = new TreeSet<>();
        for (Named<Parameter> parameter : model.namedParameters()) {
            Tensor gradient = parameter.value().grad();
            assertNotNull(gradient, parameter.name());
            String name = parameter.name();
            names.add("grad." + name);
            assertClose(name, recorded(expected, "grad." + name), Noise.digest(name, gradient), 1e-4);
        }
        assertEquals(
                new TreeSet<>(expected.keySet().stream()
                        .filter(k -> k.startsWith("grad."))
                        .toList()),
                names);
        if (expected.containsKey("train.output")) {
            model.train();
            assertClose("train.output", recorded(expected, "train.output"), model.call(input), 1e-4);
            for (Named<Buffer> buffer : model.namedBuffers()) {
                String name = buffer.name();
                assertClose(name, recorded(expected, "buffer." + name), Noise.digest(name, buffer.value()), 1e-5);
            }
        }
    }

    private void writeAndRead(Path folder) {
        PretrainedModel<?, Tensor, Tensor> model = model(folder);
        Path written = temp.resolve(folder.getFileName());
        model.savePretrained(written);
        PretrainedModel<?, ?, ?> read = Pretrained.load(written);
        assertEquals(model.getClass(), read.getClass());
        assertEquals(model.stateDict().keySet(), read.stateDict().keySet());
        model.stateDict()
                .forEach((key, value) -> assertTrue(
                        value.equal(java.util.Objects.requireNonNull(
                                read.stateDict().get(key))),
                        key));
    }

    private static Tensor recorded(Map<String, Tensor> expected, String name) {
        Tensor tensor = expected.get(name);
        assertNotNull(tensor, name + " is not recorded");
        return tensor;
    }

    private static void assertClose(String name, Tensor expected, Tensor actual, double tolerance) {
        assertEquals(List.of(boxed(expected.shape())), List.of(boxed(actual.shape())), name);
        double scale = Math.max(1e-3, expected.abs().max().item());
        double difference = actual.sub(expected).abs().max().item();
        assertTrue(difference <= tolerance * scale, () -> name + " differs by " + difference + " of " + scale);
    }
}
