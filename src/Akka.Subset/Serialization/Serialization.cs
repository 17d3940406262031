using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>The serializers of a system: those that <see cref="SerializationSetup"/> names.</summary>
public class Serialization
{
    private readonly Dictionary<int, Serializer> _byId = [];
    private readonly Dictionary<string, Serializer> _byName = new(StringComparer.Ordinal);
    private readonly List<(Type Type, Serializer Serializer)> _bindings = [];

    /// <summary>Makes the serializers.</summary>
    public Serialization(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        System = system;
        if (system.Settings.Setup.Get<SerializationSetup>() is not { HasValue: true } setup)
        {
            return;
        }

        foreach (var details in setup.Value.CreateSerializers(system))
        {
            if (!_byId.TryAdd(details.Serializer.Identifier, details.Serializer))
            {
                throw new ArgumentException(
                    $"Serializer [{details.Alias}] has the identifier {details.Serializer.Identifier} of another one");
            }

            _byName[details.Alias] = details.Serializer;
            _bindings.AddRange(details.UseFor.Select(type => (type, details.Serializer)));
        }
    }

    /// <summary>The system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>Returns the serializer of an object; where none is bound to its type, the one of that name.</summary>
    /// <exception cref="SerializationException">There is none.</exception>
    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return FindSerializerForType(obj.GetType(), defaultSerializerName);
    }

    /// <summary>
    /// Returns the serializer of a type: the one bound to it or to the nearest of its bases, else the one of that name.
    /// </summary>
    /// <exception cref="SerializationException">There is none.</exception>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        Type? nearest = null;
        Serializer? found = null;
        foreach (var (type, serializer) in _bindings)
        {
            if (type.IsAssignableFrom(objectType) && (nearest is null || nearest.IsAssignableFrom(type)))
            {
                (nearest, found) = (type, serializer);
            }
        }

        if (found is null && defaultSerializerName is not null)
        {
            _byName.TryGetValue(defaultSerializerName, out found);
        }

        return found ?? throw new SerializationException($"No serializer is bound to [{objectType}]");
    }

    /// <summary>Returns the object of the bytes.</summary>
    /// <exception cref="SerializationException">No serializer has that identifier.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        if (!_byId.TryGetValue(serializerId, out var serializer))
        {
            throw new SerializationException($"No serializer has the identifier {serializerId}");
        }

        return serializer is SerializerWithStringManifest withManifest
            ? withManifest.FromBinary(bytes, manifest)
            : throw new SerializationException($"Serializer {serializerId} reads no manifest");
    }

    /// <summary>Returns the manifest that is stored beside the bytes of a message.</summary>
    public static string ManifestFor(Serializer s, object msg) =>
        s is SerializerWithStringManifest withManifest ? withManifest.Manifest(msg) : string.Empty;
}
