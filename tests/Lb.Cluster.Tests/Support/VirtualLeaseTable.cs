using Akka.Subset.Tests.Support;
using Lb.Cluster.Leases;

namespace Lb.Cluster.Tests.Support;

/// <summary>
/// A table behind a network in virtual time: requests and answers take their time and get lost, and what is not waited
/// for any more may still be done.
/// </summary>
internal sealed class VirtualLeaseTable(ModelLeaseTable table, FakeTime time, Random random, TimeProvider clock)
    : ILeaseTable
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(8);

    /// <summary>Of 100 requests, how many have a fate other than to be answered soon.</summary>
    internal int Trouble { get; set; }

    public Task<long?> TryAcquireAsync(LeaseHolder holder, long floor, TimeSpan timeToLive, TimeSpan timeout) =>
        Ask(() => table.TryAcquire(holder, floor, timeToLive), timeout);

    public Task<bool> RenewAsync(LeaseHolder holder, long term, TimeSpan timeToLive, TimeSpan timeout) =>
        Ask(() => table.Renew(holder, term, timeToLive), timeout);

    public Task<bool> ReleaseAsync(LeaseHolder holder, long term, TimeSpan timeout) =>
        Ask(() => table.Release(holder, term), timeout);

    public Task<LeaseRecord?> ReadAsync(string name, TimeSpan timeout) => Ask(() => table.Read(name), timeout);

    private async Task<T> Ask<T>(Func<T> work, TimeSpan timeout)
    {
        // Answers are given inline: the one who waits has a context of its own.
        var answer = new TaskCompletionSource<T>();
        var fate = random.Next(100) < Trouble ? random.Next(4) : 4;
        if (fate == 0)
        {
            throw new IOException("The connection broke");
        }

        if (fate != 1)
        {
            After(Delay(fate == 2), () =>
            {
                var done = work();
                if (fate != 3)
                {
                    After(Delay(slow: false), () => answer.SetResult(done));
                }
            });
        }

        return await answer.Task.WaitAsync(timeout, clock);
    }

    private TimeSpan Delay(bool slow) => slow ? Slow * random.NextDouble() : TimeSpan.FromMilliseconds(random.Next(30));

    private void After(TimeSpan delay, Action action) =>
        time.CreateTimer(_ => action(), null, delay, Timeout.InfiniteTimeSpan);
}
