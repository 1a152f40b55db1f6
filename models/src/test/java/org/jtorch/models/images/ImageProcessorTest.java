package org.jtorch.models.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ConfigException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with the processors of transformers that use Pillow, and with torchvision, to the bit. */
class ImageProcessorTest {

    @TempDir
    Path temp;

    private ImageProcessor processor(JsonNode config) throws IOException {
        return processor(config.toString());
    }

    private ImageProcessor processor(String config) throws IOException {
        Files.writeString(temp.resolve("preprocessor_config.json"), config);
        return ImageProcessor.fromPretrained(temp);
    }

    @TestFactory
    List<DynamicTest> valuesAreThoseOfTransformers() {
        List<DynamicTest> tests = new ArrayList<>();
        Recorded.python("processors").properties().forEach(each -> {
            for (String form : List.of("given", "written")) { // with the defaults, and with all values
                tests.add(DynamicTest.dynamicTest(each.getKey() + " " + form, () -> {
                    JsonNode python = each.getValue();
                    ImageProcessor processor = processor(python.get(form));
                    RgbImage[] images = Recorded.noise();
                    for (int i = 0; i < images.length; i++) {
                        RgbImage pixels = processor.resizeAndCrop(images[i]);
                        assertEquals(python.get("pixels").get(i).asText(), Recorded.sha256(pixels.toTensor()));
                        assertRecorded(python, i, processor.call(images[i]));
                    }
                }));
            }
        });
        assertTrue(tests.size() > 30, "only " + tests.size());
        return tests;
    }

    private static void assertRecorded(JsonNode python, int i, Tensor values) {
        JsonNode shape = python.get("shapes").get(i);
        assertArrayEquals(new long[] {1, 3, shape.get(2).asLong(), shape.get(3).asLong()}, values.shape());
        assertEquals(DType.FLOAT32, values.dtype());
        assertEquals(python.get("values").get(i).asText(), Recorded.sha256(values));
    }

    @TestFactory
    List<DynamicTest> valuesAreThoseOfTorchvision() {
        List<DynamicTest> tests = new ArrayList<>();
        Recorded.python("presets")
                .properties()
                .forEach(each -> tests.add(DynamicTest.dynamicTest(each.getKey(), () -> {
                    JsonNode given = each.getValue().get("given");
                    ImageProcessor processor = ImageProcessor.torchvision(o -> {
                        if (given.has("resize_size")) {
                            o.resizeSize(given.get("resize_size").asInt());
                        }
                        if (given.has("crop_size")) {
                            o.cropSize(given.get("crop_size").asInt());
                        }
                        if (given.has("interpolation")) {
                            o.interpolation(Resampling.valueOf(
                                    given.get("interpolation").asText()));
                        }
                        if (given.has("mean")) {
                            o.mean(number(given, "mean", 0), number(given, "mean", 1), number(given, "mean", 2));
                            o.std(number(given, "std", 0), number(given, "std", 1), number(given, "std", 2));
                        }
                    });
                    RgbImage[] images = Recorded.noise();
                    for (int i = 0; i < images.length; i++) {
                        assertRecorded(each.getValue(), i, processor.call(images[i]));
                    }
                })));
        assertEquals(7, tests.size());
        return tests;
    }

    private static double number(JsonNode values, String key, int index) {
        return values.get(key).get(index).asDouble();
    }

    @Test
    void severalImagesAreOneBatch() throws IOException {
        ImageProcessor processor = processor("{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 8}");
        RgbImage[] images = Recorded.noise();
        Tensor batch = processor.call(List.of(images));
        assertArrayEquals(new long[] {2, 3, 8, 8}, batch.shape());
        assertTrue(batch.narrow(0, 1, 1).equal(processor.call(images[1])));
        assertThrows(IllegalArgumentException.class, () -> processor.call(List.of()));
        ImageProcessor whole = processor("{\"image_processor_type\": \"ViTImageProcessor\", \"do_resize\": false}");
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> whole.call(List.of(images)))
                .getMessage());
        assertTrue(message.contains("[1, 3, 30, 21]"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "image_processor_type,BitImageProcessor",
        "image_processor_type,BitImageProcessorFast",
        "image_processor_type,BitImageProcessorPil",
        "image_processor_type,ViTHybridImageProcessor",
        "image_processor_type,CLIPImageProcessorFast",
        "feature_extractor_type,CLIPFeatureExtractor",
        "feature_extractor_type,BitFeatureExtractor"
    })
    void theProcessorHasSeveralNames(String key, String name) throws IOException {
        JsonNode python = Recorded.python("processors").get("bit_shortest");
        ObjectNode config = python.get("given").deepCopy();
        config.remove("image_processor_type");
        config.put(key, name);
        assertRecorded(python, 0, processor(config).call(Recorded.noise()[0]));
    }

    @Test
    void theModelNamesTheProcessorIfNothingElseDoes() throws IOException {
        JsonNode python = Recorded.python("processors").get("bit_shortest");
        ObjectNode config = python.get("given").deepCopy();
        config.remove("image_processor_type");
        assertRefused("no image_processor_type, and the model is not known", config.toString());
        Files.writeString(temp.resolve("config.json"), "{\"model_type\": \"dinov2\"}");
        assertRecorded(python, 0, processor(config).call(Recorded.noise()[0]));
        Files.writeString(temp.resolve("config.json"), "{\"model_type\": \"bert\"}");
        assertRefused("the model is of type 'bert'", config.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DonutImageProcessor | 'size': 8 | DonutImageProcessor, which is none of",
                "ViTImageProcessor | 'do_pad': true | do_pad = true",
                "ViTImageProcessor | 'size_divisor': 32 | size_divisor = 32",
                "ViTImageProcessor | 'do_flip_channel_order': true | do_flip_channel_order = true",
                "ViTImageProcessor | 'data_format': 'channels_last' | data_format = channels_last",
                "ViTImageProcessor | 'size': {'longest_edge': 5} | size = {longest_edge=5}",
                "ViTImageProcessor | 'size': {'shortest_edge': 5, 'longest_edge': 9} | size = {shortest_edge=5",
                "ViTImageProcessor | 'size': {'height': 5} | size = {height=5}",
                "ViTImageProcessor | 'size': {'height': 5, 'width': 'x'} | size = {height=5, width=x}",
                "ViTImageProcessor | 'size': 0 | size = 0",
                "ViTImageProcessor | 'size': 99999999999 | size = 99999999999",
                "ViTImageProcessor | 'size': [1, 2, 3] | size = [1, 2, 3]",
                "ViTImageProcessor | 'size': '224' | size = \"224\"",
                "ViTImageProcessor | 'resample': 6 | resample = 6",
                "ViTImageProcessor | 'do_center_crop': true | no crop_size",
                "DeiTImageProcessor | 'crop_size': {'shortest_edge': 3} | crop_size = {shortest_edge=3}",
                "ViTImageProcessor | 'image_mean': [0.5, 0.5] | image_mean = [0.5, 0.5]",
                "ViTImageProcessor | 'image_std': 'big' | image_std = big",
                "ConvNextImageProcessor | 'size': {'height': 5, 'width': 5} | size = {height=5, width=5}"
            })
    void whatIsNotComputedIsRefusedByName(String name, String more, String words) throws IOException {
        assertRefused(words, ("{'image_processor_type': '" + name + "', " + more + "}").replace('\'', '"'));
    }

    private void assertRefused(String words, String config) throws IOException {
        Files.writeString(temp.resolve("preprocessor_config.json"), config);
        String message = String.valueOf(assertThrows(ConfigException.class, () -> ImageProcessor.fromPretrained(temp))
                .getMessage());
        assertTrue(message.contains(words), message);
    }

    @Test
    void aFolderWithoutAProcessorIsRefused() {
        String message = String.valueOf(assertThrows(ConfigException.class, () -> ImageProcessor.fromPretrained(temp))
                .getMessage());
        assertTrue(message.contains("preprocessor_config.json does not exist"), message);
    }

    @Test
    void optionsThatAreNoneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ImageProcessor.torchvision(o -> o.cropSize(0)));
        assertThrows(IllegalArgumentException.class, () -> ImageProcessor.torchvision(o -> o.resizeSize(-1)));
        assertThrows(IllegalArgumentException.class, () -> ImageProcessor.torchvision(o -> o.std(1, 0, 1)));
    }
}
