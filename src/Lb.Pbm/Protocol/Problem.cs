using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lb.Pbm.Protocol;

/// <summary>Why something was not done: problem details (RFC 9457), the host's or <c>pbm</c>'s own.</summary>
internal sealed record Problem
{
    public string? Title { get; init; }

    /// <summary>One sentence that says what is wrong.</summary>
    public string? Detail { get; init; }

    /// <summary>A stable word for machines.</summary>
    public string? Code { get; init; }

    /// <summary>One sentence that says what to do.</summary>
    public string? Mend { get; init; }

    public IReadOnlyList<string?>? Reasons { get; init; }

    /// <summary>What else the host said; shown in JSON only.</summary>
    /// <remarks>The serializer adds to it, so it is no init property.</remarks>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    public static Problem Of(string title, string code, string detail, string? mend) =>
        new() { Title = title, Code = code, Detail = detail, Mend = mend };
}
