using Lb.Actors;
using Lb.Host.Running;

namespace Lb.Host.Metrics;

/// <summary>
/// Lets the site be asked once for a collection: all instruments that are read by it tell of the same snapshot.
/// </summary>
internal sealed class SiteObserver(SiteClient site) : IDisposable
{
    /// <summary>As long as the site itself waits for its parts; Prometheus waits for ten seconds unless told.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // Instruments are read on the thread that collects; collections at the same time do not see each other's.
    private readonly ThreadLocal<ServicesSnapshot?> _shown = new();

    /// <summary>What instruments tell of; null while nothing is collected on this thread, or nobody answered.</summary>
    public ServicesSnapshot? Shown => _shown.Value;

    /// <summary>Asks the site and collects.</summary>
    public async Task<T> CollectAsync<T>(Func<T> collect, CancellationToken stop)
    {
        ServicesSnapshot? snapshot = await AskAsync(stop);
        _shown.Value = snapshot;
        try
        {
            return collect();
        }
        finally
        {
            _shown.Value = null;
        }
    }

    public void Dispose() => _shown.Dispose();

    private async Task<ServicesSnapshot?> AskAsync(CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            return await site.GetServicesAsync(limit.Token);
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            // Whatever is wrong with the actors, the metrics of the process are told, and that the site's are not there.
            return null;
        }
    }
}
