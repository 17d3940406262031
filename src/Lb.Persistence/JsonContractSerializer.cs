using Akka.Actor;
using Akka.Serialization;

namespace Lb.Persistence;

/// <summary>Writes records as JSON by their contracts; the data holds no type names of the runtime.</summary>
public sealed class JsonContractSerializer(ExtendedActorSystem system, JsonContracts contracts)
    : SerializerWithStringManifest(system)
{
    /// <summary>Names this serializer in the data; it never changes.</summary>
    public const int Id = 7101;

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <summary>Returns the setup that binds the serializer to the types of the contracts.</summary>
    public static SerializationSetup Setup(JsonContracts contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        return SerializationSetup.Create(system =>
        [
            SerializerDetails.Create(
                "lb-json", new JsonContractSerializer(system, contracts), [.. contracts.Types]),
        ]);
    }

    /// <inheritdoc/>
    public override string Manifest(object o) => contracts.ManifestOf(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => contracts.Write(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => contracts.Read(bytes, manifest);
}
