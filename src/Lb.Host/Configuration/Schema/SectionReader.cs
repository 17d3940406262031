using System.Collections.Immutable;
using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>Reads objects by their schema and collects everything that is wrong with them.</summary>
internal sealed class SectionReader(IssueList issues)
{
    /// <summary>Reads a section; what is absent or wrong is reported and not in the result.</summary>
    public SectionValues Read(Section section, Layers layers, HoconPath path)
    {
        ReportUnknown(section, layers, path);
        SectionValues values = new(path.ToString(), layers.Origin);
        foreach (Key key in section.Keys)
        {
            switch (key)
            {
                case ValueKey value:
                    ReadValue(value, layers, path, values);
                    break;
                case SectionKey child:
                    values.Set(child, Read(child.Section, Enter(layers, child.Name, path), path.Child(child.Name)));
                    break;
                case ElementsKey elements:
                    values.Set(elements, ReadElements(elements, layers, path));
                    break;
                default:
                    throw new InvalidOperationException($"No reader for a {key.GetType().Name}.");
            }
        }

        return values;
    }

    private void ReadValue(ValueKey key, Layers layers, HoconPath path, SectionValues into)
    {
        string full = path.Child(key.Name).ToString();
        ImmutableArray<HoconField> fields = layers.Find(key.Name);
        if (!fields.IsEmpty)
        {
            into.Note(key);
            key.Read(fields[0].Value, full, into, issues);
        }
        else if (key.Required && !layers.Refused)
        {
            issues.Add(new(
                Severity.Error, layers.Origin, full, $"{key.Name} is missing", key.Kind.Expected, $"add {key.Name}"));
        }
    }

    private List<Element> ReadElements(ElementsKey key, Layers parent, HoconPath path)
    {
        Layers elements = Enter(parent, key.Name, path);
        HoconPath here = path.Child(key.Name);
        ImmutableArray<HoconObject> defaults = key.DefaultsKey is { } defaultsKey
            ? [.. parent.Find(defaultsKey.Name).Select(f => f.Value).OfType<HoconObject>()]
            : [];
        List<Element> read = [];
        foreach (HoconField field in elements.Fields())
        {
            Reading<string> name = TextKinds.ElementName.Parse(field.Key);
            if (name.Problem is { } problem)
            {
                issues.Add(new(
                    Severity.Error, field.KeyOrigin, here.Child(field.Key).ToString(), problem,
                    TextKinds.ElementName.Expected, TextKinds.ElementName.Mend));
            }

            Layers element = Enter(elements, field.Key, here);
            Layers inherited = element with { Objects = [.. element.Objects, .. defaults] };
            read.Add(new(field.Key, Read(key.Element, inherited, here.Child(field.Key))));
        }

        return read;
    }

    /// <summary>The objects at a key. Anything else there is reported, and reads as nothing.</summary>
    private Layers Enter(Layers layers, string key, HoconPath path)
    {
        ImmutableArray<HoconField> fields = layers.Find(key);
        if (fields.IsEmpty)
        {
            return layers with { Objects = [] };
        }

        ImmutableArray<HoconField> refused = [.. fields.Where(f => f.Value is not HoconObject)];
        foreach (HoconField field in refused)
        {
            issues.Add(new(
                Severity.Error, field.Value.Origin, path.Child(key).ToString(),
                $"{field.Value.Describe()} is no section", "a section", $"write {key} {{ … }}"));
        }

        return new Layers(
            fields[0].KeyOrigin, [.. fields.Select(f => f.Value).OfType<HoconObject>()], !refused.IsEmpty);
    }

    private void ReportUnknown(Section section, Layers layers, HoconPath path)
    {
        ImmutableArray<string> known = [.. section.Keys.Select(k => k.Name)];
        foreach (HoconField field in layers.Fields().Where(f => section.Find(f.Key) is null))
        {
            string? near = Nearest.To(field.Key, known);
            issues.Add(new(
                Severity.Error, field.KeyOrigin, path.Child(field.Key).ToString(), "is not known here",
                "one of " + string.Join(", ", known), near is null ? "remove it" : $"did you mean \"{near}\"?"));
        }
    }
}
