package org.jtorch.nn.spec;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jtorch.nn.Module;
import org.jtorch.nn.dropout.AlphaDropout;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.dropout.Dropout1d;
import org.jtorch.nn.dropout.Dropout2d;
import org.jtorch.nn.dropout.Dropout3d;
import org.jtorch.nn.dropout.DropoutNd;
import org.jtorch.nn.dropout.FeatureAlphaDropout;

/** The constructors of {@code org.jtorch.nn.dropout}. */
final class DropoutSpecs {

    private DropoutSpecs() {}

    static void enter(Catalog c) {
        dropout(c, "AlphaDropout", AlphaDropout::new);
        dropout(c, "Dropout", Dropout::new);
        dropout(c, "Dropout1d", Dropout1d::new);
        dropout(c, "Dropout2d", Dropout2d::new);
        dropout(c, "Dropout3d", Dropout3d::new);
        dropout(c, "FeatureAlphaDropout", FeatureAlphaDropout::new);
    }

    private static void dropout(
            Catalog c, String name, Function<Consumer<DropoutNd.Options>, Module<?, ?>> constructor) {
        c.add(
                name + "(p=0.5, inplace=False)",
                a -> constructor.apply(o -> o.p(a.number("p")).inplace(a.bool("inplace"))));
    }
}
