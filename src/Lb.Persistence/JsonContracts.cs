using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Lb.Persistence;

/// <summary>
/// The records that are stored: each has a name and a version of its own, so that types can be renamed and old rows
/// stay readable. Content is read strictly: what lacks a member, or has one more, is damaged or of another version.
/// </summary>
public sealed class JsonContracts
{
    private readonly Dictionary<Type, Contract> _byType = [];
    private readonly Dictionary<string, Contract> _byManifest = new(StringComparer.Ordinal);

    /// <summary>The types that can be written.</summary>
    public IReadOnlyCollection<Type> Types => _byType.Keys;

    /// <summary>Adds a record as it is written now.</summary>
    /// <param name="name">Its name in the data; it never changes.</param>
    /// <param name="version">Its version, from 1.</param>
    /// <param name="type">
    /// How it is written, from a source-generated context with <see cref="JsonSerializerDefaults.Strict"/>.
    /// </param>
    public JsonContracts Add<T>(string name, int version, JsonTypeInfo<T> type)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(type);
        var contract = new Contract(ManifestOf(name, version), type, static stored => stored);
        AddManifest(contract);
        if (!_byType.TryAdd(typeof(T), contract))
        {
            throw new ArgumentException($"[{typeof(T)}] has a contract already");
        }

        return this;
    }

    /// <summary>Adds an earlier version of a record, which is read and never written.</summary>
    /// <param name="name">Its name in the data.</param>
    /// <param name="version">The earlier version.</param>
    /// <param name="type">How it was written.</param>
    /// <param name="upgrade">Makes the present record of it.</param>
    public JsonContracts AddEarlier<TEarlier, T>(
        string name, int version, JsonTypeInfo<TEarlier> type, Func<TEarlier, T> upgrade)
        where TEarlier : notnull
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(upgrade);
        AddManifest(new Contract(ManifestOf(name, version), type, stored => upgrade((TEarlier)stored)));
        return this;
    }

    internal string ManifestOf(object record) => ContractOf(record).Manifest;

    internal byte[] Write(object record) => JsonSerializer.SerializeToUtf8Bytes(record, ContractOf(record).Type);

    internal object Read(ReadOnlySpan<byte> stored, string manifest)
    {
        if (!_byManifest.TryGetValue(manifest, out var contract))
        {
            throw new SerializationException($"The manifest [{manifest}] is unknown");
        }

        try
        {
            var read = JsonSerializer.Deserialize(stored, contract.Type)
                ?? throw new SerializationException($"The content of [{manifest}] is null");
            return contract.Upgrade(read);
        }
        catch (JsonException e)
        {
            throw new SerializationException($"The content is no valid [{manifest}]: {e.Message}", e);
        }
    }

    private Contract ContractOf(object record) => _byType.TryGetValue(record.GetType(), out var contract)
        ? contract
        : throw new SerializationException($"[{record.GetType()}] has no contract: it cannot be stored");

    private void AddManifest(Contract contract)
    {
        if (contract.Type.Options is not
            {
                RespectRequiredConstructorParameters: true, RespectNullableAnnotations: true,
                AllowDuplicateProperties: false, UnmappedMemberHandling: JsonUnmappedMemberHandling.Disallow,
            })
        {
            throw new ArgumentException(
                $"The context of [{contract.Type.Type}] is not strict: it would take damaged content for a record. "
                + "Declare it with [JsonSourceGenerationOptions(JsonSerializerDefaults.Strict)]");
        }

        if (!_byManifest.TryAdd(contract.Manifest, contract))
        {
            throw new ArgumentException($"The manifest [{contract.Manifest}] is taken");
        }
    }

    private static string ManifestOf(string name, int version)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        return $"{name}:{version}";
    }

    private sealed record Contract(string Manifest, JsonTypeInfo Type, Func<object, object> Upgrade);
}
