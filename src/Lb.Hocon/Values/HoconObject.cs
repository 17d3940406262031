using System.Diagnostics.CodeAnalysis;

namespace Lb.Hocon;

/// <summary>A field of an object.</summary>
/// <param name="Key">The key; case matters.</param>
/// <param name="KeyOrigin">Where the key stands, which differs from where its value was set after a substitution.</param>
/// <param name="Value">The value.</param>
public readonly record struct HoconField(string Key, HoconOrigin KeyOrigin, HoconValue Value);

/// <summary>An object: fields in the order of their first mention, keys unique.</summary>
public sealed class HoconObject : HoconValue
{
    private readonly HoconField[] _fields;
    private readonly Dictionary<string, int> _index;

    /// <summary>Creates an object from fields with different keys.</summary>
    public HoconObject(IEnumerable<HoconField> fields, HoconOrigin origin = default)
        : base(origin)
    {
        _fields = [.. fields];
        _index = new Dictionary<string, int>(_fields.Length, StringComparer.Ordinal);
        long size = 1;
        int height = 0;
        for (int i = 0; i < _fields.Length; i++)
        {
            _index.Add(_fields[i].Key, i);
            size += _fields[i].Key.Length + _fields[i].Value.Size;
            height = Math.Max(height, _fields[i].Value.Height);
        }

        Size = size;
        Height = height + 1;
    }

    /// <summary>The fields in the order of their first mention.</summary>
    public IReadOnlyList<HoconField> Fields => _fields;

    /// <summary>The number of fields.</summary>
    public int Count => _fields.Length;

    internal override long Size { get; }

    internal override int Height { get; }

    /// <summary>Finds the field of one key, taken as it is.</summary>
    public bool TryGetField(string key, out HoconField field)
    {
        bool found = _index.TryGetValue(key, out int i);
        field = found ? _fields[i] : default;
        return found;
    }

    /// <summary>Finds the value at a path expression such as <c>a.b."c.d"</c>.</summary>
    /// <exception cref="HoconException">The path expression is malformed.</exception>
    public bool TryGet(string path, [MaybeNullWhen(false)] out HoconValue value) =>
        TryGet(HoconPath.Parse(path), out value);

    /// <summary>Finds the value at a path.</summary>
    public bool TryGet(HoconPath path, [MaybeNullWhen(false)] out HoconValue value)
    {
        ArgumentNullException.ThrowIfNull(path);
        value = this;
        foreach (string element in path.Elements)
        {
            if (value is not HoconObject here || !here.TryGetField(element, out HoconField field))
            {
                value = null;
                return false;
            }

            value = field.Value;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string Describe() => Count == 1 ? "an object of 1 field" : $"an object of {Count} fields";

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        return other is HoconObject o && o.Count == Count
            && _fields.All(f => o.TryGetField(f.Key, out HoconField theirs) && f.Value.Equals(theirs.Value));
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(HoconObject), Count);
}
