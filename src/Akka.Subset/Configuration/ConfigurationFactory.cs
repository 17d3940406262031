using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Configuration;

/// <summary>Makes configurations.</summary>
[SuppressMessage("Design", "CA1052", Justification = "The class is not static in Akka.NET.")]
public class ConfigurationFactory
{
    /// <summary>A configuration without keys.</summary>
    public static Config Empty => Config.Empty;

    /// <summary>Parses text in which includes and substitutions have been resolved.</summary>
    /// <exception cref="ConfigurationException">The text is malformed.</exception>
    public static Config ParseString(string hocon)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        return new Config(ConfigParser.Parse(hocon));
    }

    /// <summary>The configuration that applies where nothing is configured: every default is in its reader.</summary>
    public static Config Default() => Config.Empty;
}

/// <summary>Thrown for a configuration that is malformed or has an impossible value.</summary>
public class ConfigurationException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public ConfigurationException(string message, Exception exception)
        : base(message, exception)
    {
    }
}

/// <summary>Makes objects whose class a configuration names.</summary>
internal static class ConfiguredType
{
    internal static T Create<T>(string path, string typeName, params object[] arguments)
        where T : class
    {
        return Activator.CreateInstance(Find(path, typeName), arguments) as T
            ?? throw new ConfigurationException($"[{path}] names [{typeName}], which is no {typeof(T).Name}");
    }

    internal static Type Find(string path, string typeName) =>
        TryFind(typeName)
        ?? throw new ConfigurationException($"[{path}] names [{typeName}], which cannot be found");

    internal static Type? TryFind(string typeName)
    {
        // A name of a part of the library may carry the assembly of the official package.
        var simpleName = typeName.Split(',')[0].Trim();
        return Type.GetType(typeName, throwOnError: false)
            ?? AppDomain.CurrentDomain.GetAssemblies()
                .Select(assembly => assembly.GetType(simpleName, throwOnError: false))
                .FirstOrDefault(found => found is not null);
    }
}
