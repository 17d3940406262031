using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lb.Netns.Tests.Node;

/// <summary>A line of the flow log.</summary>
internal sealed record FlowLogLine(
    DateTimeOffset Time,
    string Event,
    string? By,
    string? Service,
    string? Protocol,
    string? Client,
    int ClientPort,
    string? Vip,
    int VipPort,
    string? Backend,
    string? BackendAddress,
    int? BackendPort,
    string? Hook,
    long Slot,
    long? Generation,
    bool Tracked,
    bool Moved)
{
    /// <summary>Why it ended; of relays.</summary>
    public string? Reason { get; init; }

    /// <summary>Payload from the client; of relays.</summary>
    public long BytesToBackend { get; init; }

    /// <summary>Payload from the backend; of relays.</summary>
    public long BytesToClient { get; init; }

    /// <summary>Since it was accepted; of relays.</summary>
    public long DurationMs { get; init; }

    /// <summary>The client's side of the flow.</summary>
    [JsonIgnore]
    public (string? Address, int Port) Source => (Client, ClientPort);
}

/// <summary>The flow log of an lbd.</summary>
internal static class FlowLogFile
{
    /// <summary>The whole lines that are there.</summary>
    public static List<FlowLogLine> Read(string file)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        string text = File.ReadAllText(file);
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)]
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<FlowLogLine>(line, JsonSerializerOptions.Web)!),
        ];
    }
}
