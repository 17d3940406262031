using System.Text.Json;
using System.Text.Json.Serialization;
using Lb.Persistence;

namespace Lb.PersistenceVictim;

/// <summary>An event: one more, written by a process.</summary>
public sealed record Tallied(long Number, int Writer);

/// <summary>A snapshot: how many events there were, and a digest of all of them.</summary>
public sealed record TallyState(long Count, long Digest)
{
    public static TallyState Empty { get; } = new(0, 0);

    /// <summary>Returns the state after so many events.</summary>
    public static TallyState After(long count)
    {
        var state = Empty;
        while (state.Count < count)
        {
            state = state.With(new Tallied(state.Count + 1, Writer: 0));
        }

        return state;
    }

    /// <summary>Returns the state behind an event, which must be the next one.</summary>
    public TallyState With(Tallied next) => next.Number == Count + 1
        ? new TallyState(next.Number, unchecked((Digest * 31) + next.Number))
        : throw new InvalidDataException($"Event {next.Number} follows event {Count}");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict)]
[JsonSerializable(typeof(Tallied))]
[JsonSerializable(typeof(TallyState))]
internal sealed partial class TallyJson : JsonSerializerContext
{
    internal static JsonContracts Contracts => new JsonContracts()
        .Add("tallied", 1, Default.Tallied)
        .Add("tally-state", 1, Default.TallyState);
}
