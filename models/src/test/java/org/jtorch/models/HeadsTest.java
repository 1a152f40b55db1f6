package org.jtorch.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jtorch.models.bert.BertForSequenceClassification;
import org.jtorch.models.dinov2.Dinov2ForImageClassification;
import org.jtorch.models.distilbert.DistilBertForSequenceClassification;
import org.jtorch.models.mpnet.MPNetForTokenClassification;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.models.roberta.RobertaForQuestionAnswering;
import org.jtorch.models.roberta.RobertaForSequenceClassification;
import org.jtorch.models.vit.ViTForImageClassification;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The weights of a model without a head in one with a head, and the other way round. */
class HeadsTest {

    private static final Path FAMILIES = Path.of("src/test/resources/families");

    private record Head(
            String base,
            String prefix,
            String head,
            BiFunction<Path, Consumer<PretrainedOptions>, PretrainedModel<?, ?, ?>> reader) {

        @Override
        public String toString() {
            return base + " " + head;
        }
    }

    static Stream<Head> heads() {
        return Stream.of(
                new Head("bert", "bert.", "classifier.", BertForSequenceClassification::fromPretrained),
                new Head("roberta", "roberta.", "classifier.", RobertaForSequenceClassification::fromPretrained),
                new Head("roberta", "roberta.", "qa_outputs.", RobertaForQuestionAnswering::fromPretrained),
                new Head("distilbert", "distilbert.", "", DistilBertForSequenceClassification::fromPretrained),
                new Head("mpnet", "mpnet.", "classifier.", MPNetForTokenClassification::fromPretrained),
                new Head("vit", "vit.", "classifier.", ViTForImageClassification::fromPretrained),
                new Head("dinov2", "dinov2.", "classifier.", Dinov2ForImageClassification::fromPretrained));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void aNewHeadIsPutOnAModel(Head head) {
        Path folder = FAMILIES.resolve(head.base);
        Predicate<String> ofHead = key -> !key.startsWith(head.prefix) && key.contains(head.head);
        StateDict base = Pretrained.load(folder).stateDict();
        StateDict whole = head.reader.apply(folder, o -> o.mayMiss(ofHead)).stateDict();
        assertTrue(whole.keySet().stream().anyMatch(ofHead));
        whole.forEach((key, value) ->
                assertTrue(ofHead.test(key) || value.equal(base.get(key.substring(head.prefix.length()))), key));
        StateDictException e = assertThrows(StateDictException.class, () -> head.reader.apply(folder, o -> {}));
        assertTrue(String.valueOf(e.getMessage()).contains("Missing key(s)"), e.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_words",
                "bert_classifier",
                "roberta_words",
                "roberta_classifier",
                "xlm_roberta_words",
                "distilbert_words",
                "distilbert_classifier",
                "mpnet_words",
                "mpnet_answers",
                "vit_classifier",
                "dinov2_classifier"
            })
    void theHeadOfAModelIsLeftOut(String name) {
        Path folder = FAMILIES.resolve(name);
        StateDict whole = Pretrained.load(folder).stateDict();
        PretrainedModel<?, ?, ?> model = Pretrained.loadBase(folder, o -> o.mayMiss(key -> key.startsWith("pooler.")));
        String prefix = whole.keySet().stream()
                .filter(key -> key.contains(".embeddings."))
                .findFirst()
                .map(key -> key.substring(0, key.indexOf('.') + 1))
                .orElseThrow();
        StateDict base = model.stateDict();
        base.forEach(
                (key, value) -> assertTrue(key.startsWith("pooler.") || value.equal(whole.get(prefix + key)), key));
        assertEquals(
                whole.keySet().stream()
                        .filter(key -> key.startsWith(prefix) && !key.contains(".pooler."))
                        .count(),
                base.keySet().stream().filter(key -> !key.startsWith("pooler.")).count());
    }
}
