using System.Data.Common;
using System.Threading.Channels;
using Akka.Persistence.Sql.Database;

namespace Akka.Persistence.Sql.Journal;

/// <summary>
/// Group commit: one task writes what many actors persist, as much as waits in one transaction, so that they share
/// the flush to the disk. A write ends when its transaction is durable.
/// </summary>
internal sealed class WriteQueue
{
    private readonly SqlDatabase _database;
    private readonly int _batchSize;
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new() { SingleReader = true });

    internal WriteQueue(SqlDatabase database, int batchSize)
    {
        _database = database;
        _batchSize = batchSize;
        _ = Task.Run(RunAsync);
    }

    /// <summary>Writes rows, all or none.</summary>
    internal Task WriteAsync(IReadOnlyList<JournalRow> rows)
    {
        var request = new Request(rows);
        return _requests.Writer.TryWrite(request)
            ? request.Task
            : Task.FromException(new InvalidOperationException("The journal has stopped"));
    }

    /// <summary>Takes no more; what was asked for is still written.</summary>
    internal void Complete() => _requests.Writer.TryComplete();

    private async Task RunAsync()
    {
        var batch = new List<Request>();
        while (await _requests.Reader.WaitToReadAsync())
        {
            var rows = 0;
            while (rows < _batchSize && _requests.Reader.TryRead(out var request))
            {
                batch.Add(request);
                rows += request.Rows.Count;
            }

            await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<Request> batch)
    {
        try
        {
            await CommitRowsAsync([.. batch.SelectMany(request => request.Rows)]);
            batch.ForEach(request => request.SetResult());
        }
        catch (DbException e) when (batch.Count > 1 && _database.Dialect.IsFaultOfOneWriter(e))
        {
            // Only the writer at fault fails; the others are written each by itself.
            foreach (var request in batch)
            {
                await CommitAsync([request]);
            }
        }
        catch (Exception e)
        {
            batch.ForEach(request => request.SetException(e));
        }
    }

    private async Task CommitRowsAsync(IReadOnlyList<JournalRow> rows)
    {
        await using var connection = await _database.OpenAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await _database.Dialect.InsertAsync(transaction, rows, CancellationToken.None);
        await transaction.CommitAsync();
    }

    private sealed class Request(IReadOnlyList<JournalRow> rows)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal IReadOnlyList<JournalRow> Rows => rows;
    }
}
