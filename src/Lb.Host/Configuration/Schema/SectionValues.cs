using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>What was read of a section. A value that is absent or wrong is not in it.</summary>
internal sealed class SectionValues(string path, HoconOrigin origin)
{
    private readonly Dictionary<Key, object> _read = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Key> _written = new(ReferenceEqualityComparer.Instance);

    /// <summary>Full path of the section.</summary>
    public string Path => path;

    public HoconOrigin Origin => origin;

    public Located<T>? Find<T>(ValueKey<T> key) => _read.GetValueOrDefault(key) as Located<T>;

    /// <summary>Whether a value is there, be it right or wrong.</summary>
    public bool Has(ValueKey key) => _written.Contains(key);

    /// <summary>A value that the checked configuration has.</summary>
    public T Get<T>(ValueKey<T> key) =>
        (Find(key) ?? throw new InvalidOperationException($"{path}.{key.Name} was not read")).Value;

    public SectionValues Get(SectionKey key) => (SectionValues)_read[key];

    public IReadOnlyList<Element> Get(ElementsKey key) => (IReadOnlyList<Element>)_read[key];

    /// <summary>Notes that a value is there.</summary>
    public void Note(ValueKey key) => _written.Add(key);

    public void Set<T>(ValueKey<T> key, Located<T> value) => _read[key] = value;

    public void Set(SectionKey key, SectionValues values) => _read[key] = values;

    public void Set(ElementsKey key, IReadOnlyList<Element> elements) => _read[key] = elements;

    public ConfigIssue Error(string problem, string expected, string mend) =>
        new(Severity.Error, origin, path, problem, expected, mend);

    public ConfigIssue Warning(string problem, string expected, string mend) =>
        new(Severity.Warning, origin, path, problem, expected, mend);
}

/// <summary>A named element, as a service or a backend.</summary>
internal sealed record Element(string Name, SectionValues Values);
