using System.Text.Json;
using System.Text.Json.Serialization;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>An event.</summary>
public sealed record Paid(int Amount);

/// <summary>The same event as it was once written.</summary>
public sealed record PaidV1(string Text);

/// <summary>An event that no contract knows.</summary>
public sealed record Unknown;

/// <summary>A snapshot.</summary>
public sealed record Total(int Sum, long Digest);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict)]
[JsonSerializable(typeof(Paid))]
[JsonSerializable(typeof(PaidV1))]
[JsonSerializable(typeof(Total))]
internal sealed partial class RecordsJson : JsonSerializerContext;
