using System.Globalization;
using Lb.Kernel;

namespace Lb.Host.Running;

/// <summary>What a start would do with pinned maps, in words.</summary>
internal static class ForecastText
{
    /// <summary>What becomes of the maps that have a way, a line for each that does not stay as it is.</summary>
    public static IEnumerable<string> Lines(StartForecast forecast)
    {
        if (forecast.NotRead is { } why)
        {
            return [$"The pinned maps were not looked at: {why}"];
        }

        MapForecast[] changes = [.. forecast.Changes.Where(map => map.Fate != MapFate.Refused)];
        return
        [
            .. Heading(forecast, changes.Length),
            .. changes.Select(Line),
            .. forecast.EndsExchange ? ["  An exchange of maps that was killed is ended before that."] : Array.Empty<string>(),
            .. forecast.NeedsTypes && forecast.Problems.IsEmpty
                ? ["  No lb_types is pinned: it takes CAP_SYS_ADMIN, as root has it, once."]
                : Array.Empty<string>(),
        ];
    }

    /// <summary>Why a start would be refused, and then what mends it, each once.</summary>
    public static IEnumerable<string> Refusals(StartForecast forecast) => forecast.Problems
        .Select(problem => $"A start would be refused, and change nothing: {problem.What}")
        .Concat(forecast.Problems.Select(problem => problem.Mend).Distinct());

    private static string[] Heading(StartForecast forecast, int changes) => (changes, forecast.Problems.Length) switch
    {
        (0, 0) => [$"A start keeps all {forecast.Maps.Length} pinned maps as they are."],
        (0, _) => [],
        _ => [$"A start keeps {forecast.Maps.Count(map => map.Fate == MapFate.Kept)} of {forecast.Maps.Length} maps as they are; of the others:"],
    };

    private static string Line(MapForecast map)
    {
        string why = map.Why is null ? "" : $" ({map.Why})";
        string tight = map.IsTight
            ? "; that is so near to its new size that the start may find no room for some, and refuse"
            : "";
        return map.Fate switch
        {
            MapFate.Carried => string.Create(
                CultureInfo.InvariantCulture,
                $"  {map.Name} is carried over with {map.Entries} {(map.Entries == 1 ? "entry" : "entries")}{why}{tight}"),
            MapFate.Anew => $"  {map.Name} begins anew, empty{why}",
            _ => $"  {map.Name} is added, empty",
        };
    }
}
