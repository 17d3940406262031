using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Akka.Configuration;

/// <summary>A configuration. A key that is missing gives the default, never an exception.</summary>
public class Config
{
    /// <summary>A configuration without keys.</summary>
    public static readonly Config Empty = new();

    private readonly ConfigObject _root;

    /// <summary>Creates a configuration without keys.</summary>
    public Config()
        : this(ConfigObject.Empty)
    {
    }

    /// <summary>Creates a configuration with a fallback.</summary>
    public Config(Config source, Config fallback)
        : this(source._root.Over(fallback._root))
    {
    }

    internal Config(ConfigObject root)
    {
        _root = root;
    }

    /// <summary>Whether there are no keys.</summary>
    public virtual bool IsEmpty => _root.Fields.Count == 0;

    /// <summary>Parses the text.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "ConfigurationFactory.ParseString is the named form.")]
    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    /// <summary>Whether there is a value at a path.</summary>
    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <summary>Returns a text.</summary>
    [return: NotNullIfNotNull(nameof(@default))]
    public virtual string? GetString(string path, string? @default = null) => FindText(path) ?? @default;

    /// <summary>Returns a whole number.</summary>
    public virtual int GetInt(string path, int @default = 0) =>
        FindText(path) is { } text ? Parse<int>(path, text) : @default;

    /// <summary>Returns a whole number.</summary>
    public virtual long GetLong(string path, long @default = 0) =>
        FindText(path) is { } text ? Parse<long>(path, text) : @default;

    /// <summary>Returns a number.</summary>
    public virtual double GetDouble(string path, double @default = 0) =>
        FindText(path) is { } text ? Parse<double>(path, text) : @default;

    /// <summary>Returns true for on, true and yes, false for off, false and no.</summary>
    public virtual bool GetBoolean(string path, bool @default = false) => FindText(path) switch
    {
        null => @default,
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        var text => throw Wrong(path, text, "on or off"),
    };

    /// <summary>Returns a duration; a number without a unit is milliseconds.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true)
    {
        if (FindText(path) is not { } text)
        {
            return @default ?? TimeSpan.Zero;
        }

        return ConfigUnits.TryParseDuration(text, allowInfinite, out var duration)
            ? duration
            : throw Wrong(path, text, "a duration such as 500ms or 5s");
    }

    /// <summary>Returns a number of bytes; null when the path is missing.</summary>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    /// <summary>Returns a number of bytes, such as 64KiB.</summary>
    [return: NotNullIfNotNull(nameof(def))]
    public virtual long? GetByteSize(string path, long? def = null)
    {
        if (FindText(path) is not { } text)
        {
            return def;
        }

        return ConfigUnits.TryParseBytes(text, out var bytes)
            ? bytes
            : throw Wrong(path, text, "a size such as 64KiB");
    }

    /// <summary>Returns a list of texts; an empty one when the path is missing.</summary>
    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    /// <summary>Returns a list of texts.</summary>
    public virtual IList<string> GetStringList(string path, string[] defaultPaths) => Find(path) switch
    {
        ConfigList list => [.. list.Items.Select(item => item.ToString())],
        null => defaultPaths,
        var other => throw Wrong(path, other.ToString(), "a list"),
    };

    /// <summary>Returns the part below a path; an empty one when the path is missing.</summary>
    public virtual Config GetConfig(string path) => Find(path) is ConfigObject part ? new Config(part) : Empty;

    /// <summary>Returns this configuration with what it lacks taken from another.</summary>
    public virtual Config WithFallback(Config fallback) => new(this, fallback);

    /// <inheritdoc/>
    public override string ToString() => _root.ToString();

    private ConfigNode? Find(string path)
    {
        ConfigNode? node = _root;
        foreach (var key in SplitPath(path))
        {
            node = (node as ConfigObject)?.Fields.GetValueOrDefault(key);
        }

        return node;
    }

    private string? FindText(string path) => (Find(path) as ConfigText)?.Value;

    /// <summary>Splits at dots outside of quotes.</summary>
    private static IEnumerable<string> SplitPath(string path)
    {
        if (!path.Contains('"', StringComparison.Ordinal))
        {
            return path.Split('.');
        }

        var pieces = path.Split('"');
        var keys = new List<string>();
        for (var i = 0; i < pieces.Length; i++)
        {
            keys.AddRange(i % 2 == 1 ? [pieces[i]] : pieces[i].Split('.', StringSplitOptions.RemoveEmptyEntries));
        }

        return keys;
    }

    private static T Parse<T>(string path, string text)
        where T : IParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(path, text, "a number");

    private static ConfigurationException Wrong(string path, string text, string expected) =>
        new($"[{path}] is [{text}] but must be {expected}");
}

/// <summary>Helpers for <see cref="Config"/>.</summary>
public static class ConfigExtensions
{
    /// <summary>Whether there is no configuration or it has no keys.</summary>
    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) => config is null || config.IsEmpty;
}
