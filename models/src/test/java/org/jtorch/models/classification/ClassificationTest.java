package org.jtorch.models.classification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.vit.ViTConfig;
import org.junit.jupiter.api.Test;

class ClassificationTest {

    private static final Tensor LOGITS = Torch.tensor(new float[] {0, 2, 1, -1, -3, -2}, 2, 3);
    private static final List<String> LABELS = List.of("a", "b", "c");

    private static List<Classification> of(Map<String, ?> config) {
        return Classification.of(LOGITS, new ViTConfig(config), LABELS);
    }

    @Test
    void theLikeliestClassIsFirst() {
        List<Classification> found = of(Map.of());
        assertEquals(2, found.size());
        assertEquals("b", found.get(0).label());
        assertEquals("a", found.get(1).label());
        assertEquals(List.of("b", "c", "a"), labels(found.get(0)));
        assertEquals(List.of("a", "c", "b"), labels(found.get(1)));
        double sum = Math.exp(-2) + Math.exp(-1) + 1;
        assertEquals(1 / sum, found.get(0).score(), 1e-6);
        assertEquals(Math.exp(-1) / sum, found.get(0).scores().get(1).score(), 1e-6);
    }

    private static List<String> labels(Classification classification) {
        return classification.scores().stream().map(LabelScore::label).toList();
    }

    @Test
    void theKindOfProblemDecides() {
        assertEquals(
                1 / (1 + Math.exp(-2)),
                of(Map.of("problem_type", "multi_label_classification")).get(0).score(),
                1e-6);
        assertEquals(2, of(Map.of("problem_type", "regression")).get(0).score());
        Classification one = Classification.of(LOGITS.narrow(1, 1, 1), new ViTConfig(Map.of()), List.of("b"))
                .get(1);
        assertEquals(1 / (1 + Math.exp(3)), one.score(), 1e-6);
    }

    @Test
    void narrowNumbersAreComputedAsFloat32() {
        Classification found = Classification.of(LOGITS.to(DType.BFLOAT16), new ViTConfig(Map.of()), LABELS)
                .get(0);
        assertEquals(of(Map.of()).get(0).score(), found.score(), 1e-6);
    }

    @Test
    void equalScoresStayInTheOrderOfTheModel() {
        Tensor equal = Torch.zeros(1, 3);
        Classification found =
                Classification.of(equal, new ViTConfig(Map.of()), LABELS).get(0);
        assertEquals(LABELS, labels(found));
    }

    @Test
    void everyNumberNeedsALabel() {
        ConfigException e = assertThrows(
                ConfigException.class, () -> Classification.of(LOGITS, new ViTConfig(Map.of()), List.of("a")));
        assertTrue(String.valueOf(e.getMessage()).contains("gives 3 numbers, but there are 1 labels"), e.toString());
        assertThrows(IllegalArgumentException.class, () -> new Classification(List.of()));
    }
}
