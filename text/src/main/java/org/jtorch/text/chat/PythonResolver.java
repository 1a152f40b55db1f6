package org.jtorch.text.chat;

import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import java.beans.FeatureDescriptor;
import java.util.Iterator;
import java.util.regex.Pattern;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/** Gives texts the methods and indices that they have in Python. */
final class PythonResolver extends ELResolver {

    /** An index reaches this class as a text. */
    private static final Pattern INDEX = Pattern.compile("-?\\d{1,18}");

    private final ELResolver usual = JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY;

    @Override
    public @Nullable Object invoke(
            ELContext context, Object base, Object method, Class<?>[] types, Object @Nullable [] arguments) {
        if (base instanceof CharSequence text && PythonText.has(method)) {
            context.setPropertyResolved(true);
            return PythonText.call(text.toString(), method.toString(), arguments == null ? new Object[0] : arguments);
        }
        return usual.invoke(context, base, method, types, arguments);
    }

    @Override
    public @Nullable Object getValue(ELContext context, Object base, Object property) {
        if (base instanceof CharSequence text
                && INDEX.matcher(String.valueOf(property)).matches()) {
            context.setPropertyResolved(true);
            return PythonText.at(text.toString(), Long.parseLong(property.toString()));
        }
        return usual.getValue(context, base, property);
    }

    @Override
    public Class<?> getType(ELContext context, Object base, Object property) {
        return usual.getType(context, base, property);
    }

    @Override
    public void setValue(ELContext context, Object base, Object property, Object value) {
        usual.setValue(context, base, property, value);
    }

    @Override
    public boolean isReadOnly(ELContext context, Object base, Object property) {
        return usual.isReadOnly(context, base, property);
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
        return usual.getFeatureDescriptors(context, base);
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, Object base) {
        return usual.getCommonPropertyType(context, base);
    }
}
