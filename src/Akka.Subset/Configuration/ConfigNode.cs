namespace Akka.Configuration;

/// <summary>A part of a configuration: an object, a list or a text.</summary>
internal abstract record ConfigNode;

/// <summary>A text.</summary>
internal sealed record ConfigText(string Value) : ConfigNode
{
    public override string ToString() => Value;
}

/// <summary>A list.</summary>
internal sealed record ConfigList(IReadOnlyList<ConfigNode> Items) : ConfigNode
{
    public override string ToString() => $"[{string.Join(", ", Items)}]";
}

/// <summary>An object.</summary>
internal sealed record ConfigObject(IReadOnlyDictionary<string, ConfigNode> Fields) : ConfigNode
{
    internal static readonly ConfigObject Empty = new(new Dictionary<string, ConfigNode>(StringComparer.Ordinal));

    /// <summary>Returns this object with what it lacks taken from another.</summary>
    internal ConfigObject Over(ConfigObject fallback)
    {
        var merged = new Dictionary<string, ConfigNode>(fallback.Fields, StringComparer.Ordinal);
        foreach (var (key, value) in Fields)
        {
            merged[key] = value is ConfigObject inner && merged.TryGetValue(key, out var below)
                && below is ConfigObject innerBelow
                ? inner.Over(innerBelow)
                : value;
        }

        return new ConfigObject(merged);
    }

    public override string ToString() =>
        "{" + string.Join(", ", Fields.Select(field => $"{field.Key} : {field.Value}")) + "}";
}
