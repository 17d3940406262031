using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

/// <summary>A data plane of its own for each test, attached to nothing.</summary>
public abstract class LoadedDatapathFixture : IDisposable
{
    private readonly Lazy<LoadedDatapath> _datapath =
        new(() => new DatapathSpec(TestSite.Small, insertRate: 1_000_000).Load());

    /// <summary>Loaded when a test first asks, so that a skipped test needs no privileges.</summary>
    protected LoadedDatapath Datapath => _datapath.Value;

    public void Dispose()
    {
        if (_datapath.IsValueCreated)
        {
            _datapath.Value.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
