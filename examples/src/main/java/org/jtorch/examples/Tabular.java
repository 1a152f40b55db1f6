package org.jtorch.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.data.DataLoader;
import org.jtorch.data.Datasets;
import org.jtorch.data.Subset;
import org.jtorch.data.sources.CsvDataset;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.SiLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.sparse.Embedding;
import org.jtorch.optim.RAdam;
import org.jtorch.optim.lrscheduler.CosineAnnealingLR;
import org.jtorch.optim.swa.AveragedModel;
import org.jtorch.optim.swa.SwaUtils;

/**
 * Predicts the occupation of a person from the columns of a CSV file, and keeps a moving average of the weights.
 * {@code examples/python/tabular.py} is the same in Python.
 */
public final class Tabular {

    /** A person: four numbers, two categories, and the occupation; in a batch, each has one more dimension. */
    record Person(Tensor numbers, Tensor gender, Tensor sector, Tensor occupation) {}

    /** A classifier of persons: logits (N, 6). */
    static final class Net extends Module<Person, Tensor> {
        Embedding gender = new Embedding(2, 2);
        Embedding sector = new Embedding(3, 2);
        BatchNorm1d norm = new BatchNorm1d(4);
        Sequential layers = new Sequential(new Linear(8, 64), new SiLU(), new Dropout(0.1), new Linear(64, 6));

        @Override
        protected Tensor forward(Person p) {
            return layers.call(
                    Torch.cat(List.of(norm.call(p.numbers), gender.call(p.gender), sector.call(p.sector)), 1));
        }
    }

    private final Subset<Person> test;
    private final DataLoader<Person> loader;
    private final Net model;
    private final AveragedModel<Person, Tensor> average;
    private final List<Double> losses = new ArrayList<>();

    private Tabular(Path file) {
        Torch.manualSeed(0);
        CsvDataset<Person> persons = CsvDataset.read(
                file,
                row -> new Person(
                        row.floats("education", "experience", "wage", "age"),
                        row.label("gender"),
                        row.label("sector"),
                        row.label("occupation")),
                o -> o.classes("gender", "female", "male")
                        .classes("sector", "construction", "manufacturing", "other")
                        .classes("occupation", "clerical", "management", "other", "professional", "sales", "service"));
        List<Subset<Person>> parts = Datasets.randomSplit(persons, 0.8, 0.2);
        test = parts.get(1);
        loader = new DataLoader<>(
                parts.get(0), o -> o.batchSize(32).shuffle(true).dropLast(true));
        model = new Net();
        average = new AveragedModel<>(
                model, o -> o.multiAvgFn(SwaUtils.getEmaMultiAvgFn(0.98)).useBuffers(true));
    }

    /**
     * Trains, and prints the accuracy of the average.
     *
     * @param args the number of epochs
     */
    public static void main(String[] args) throws IOException {
        Tabular run = new Tabular(wages());
        run.train(Integer.parseInt(args[0]));
        System.out.printf("accuracy %.3f%n", run.accuracy());
    }

    /** Returns the loss of each step of a new run. */
    static List<Double> losses(int epochs) throws IOException {
        Tabular run = new Tabular(wages());
        run.train(epochs);
        return run.losses;
    }

    /** Returns the file with the wages of 534 persons in 1985, which is part of this program. */
    private static Path wages() throws IOException {
        Path file = Files.createTempFile("wages", ".csv");
        file.toFile().deleteOnExit();
        try (InputStream in = Tabular.class.getResourceAsStream("wages.csv")) {
            Files.copy(Objects.requireNonNull(in), file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    private void train(int epochs) {
        var optimizer = new RAdam(model.parameters(), o -> o.lr(1e-2).weightDecay(1e-4));
        var scheduler = new CosineAnnealingLR(optimizer, 60);
        var criterion = new CrossEntropyLoss(o -> o.labelSmoothing(0.05));
        for (int epoch = 0; epoch < epochs; epoch++) {
            model.train();
            for (Person batch : loader) {
                try (var scope = new TensorScope()) {
                    optimizer.zeroGrad();
                    Tensor loss = criterion.call(model.call(batch), batch.occupation);
                    loss.backward();
                    optimizer.step();
                    average.updateParameters(model);
                    losses.add(loss.item());
                }
            }
            scheduler.step();
        }
    }

    private double accuracy() {
        Person all =
                new DataLoader<>(test, o -> o.batchSize(test.size())).iterator().next();
        return average.infer(all).argmax(1).eq(all.occupation).float32().mean().item();
    }
}
