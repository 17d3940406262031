using Lb.Cluster.Membership;
using Lb.Cluster.Tests.Support;

namespace Lb.Cluster.Tests.Membership;

/// <summary>The table in real databases.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class SqlMembershipTableTests(PostgresServer server)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [MemberData(nameof(SharedDatabase.Providers), MemberType = typeof(SharedDatabase))]
    public async Task What_is_decided_is_what_is_read(string provider)
    {
        await using var database = await SharedDatabase.OfAsync(provider, server);
        var table = NewTable(database);
        Assert.Empty((await table.ReadAsync(null)).State.Members);

        var one = (await table.ChangeAsync(new MembershipCommand.Join("a:1", "x,y", "1.2"), 0, 0)).State.Members["a:1"];
        var two = (await table.ChangeAsync(new MembershipCommand.Join("b:1", "", "1.2"), 0, 0)).State.Members["b:1"];
        var up = await table.ChangeAsync(new MembershipCommand.MoveUp([one.Id, two.Id]), 0, 0);
        var read = await table.ReadAsync(one.Id);

        Assert.Equal(up.State.Revision, read.State.Revision);
        Assert.Equal(up.State.Members.Values, read.State.Members.Values);
        Assert.Equal("x,y", read.State.Members["a:1"].Roles);
        Assert.Equal([one.Id, two.Id], read.Fresh.OrderBy(id => id.Incarnation));
        Assert.Equal([one.Id, two.Id], read.State.ByAge.Select(member => member.Id));

        // Nobody of another site is seen here.
        Assert.Empty((await NewTable(database, "other").ReadAsync(null)).State.Members);
        await table.ChangeAsync(new MembershipCommand.Down(one.Id), 0, 0);
        await table.ChangeAsync(new MembershipCommand.Remove([one.Id]), 0, 0);
        Assert.Equal(["b:1"], (await NewTable(database).ReadAsync(null)).State.Members.Keys);
    }

    [Theory]
    [MemberData(nameof(SharedDatabase.Providers), MemberType = typeof(SharedDatabase))]
    public async Task Many_that_join_at_once_are_each_one_member_with_a_number_of_its_own(string provider)
    {
        await using var database = await SharedDatabase.OfAsync(provider, server);

        // Each with a database object of its own, as processes have: they all make the tables too.
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(
            () => NewTable(database).ChangeAsync(new MembershipCommand.Join($"n{i}:1", "", "1"), 0, 0))));

        var state = (await NewTable(database).ReadAsync(null)).State;
        Assert.Equal(12, state.Members.Count);
        Assert.Equal(12, state.Members.Values.Select(member => member.Id.Incarnation).Distinct().Count());
        Assert.Equal(state.LastIncarnation, state.Members.Values.Max(member => member.Id.Incarnation));
    }

    [Theory]
    [MemberData(nameof(SharedDatabase.Providers), MemberType = typeof(SharedDatabase))]
    public async Task Who_has_not_been_heard_of_for_a_while_is_not_fresh(string provider)
    {
        await using var database = await SharedDatabase.OfAsync(provider, server);
        var table = NewTable(database);
        var id = (await table.ChangeAsync(new MembershipCommand.Join("a:1", "", "1"), 0, 0)).State.Members["a:1"].Id;
        await table.ReadAsync(id);
        await database.ExecuteAsync("UPDATE cluster_member SET joined_at = joined_at - 60000");
        Assert.Equal([id], (await table.ReadAsync(null)).Fresh);

        await database.ExecuteAsync("UPDATE cluster_seen SET seen_at = seen_at - 60000");

        Assert.Empty((await table.ReadAsync(null)).Fresh);
        Assert.Equal([id], (await table.ReadAsync(id)).Fresh);
    }

    [Fact]
    public async Task A_change_is_told_to_all_who_listen_on_PostgreSQL()
    {
        await using var database = await SharedDatabase.OfAsync("PostgreSQL", server);
        var table = NewTable(database);
        await table.ReadAsync(null);
        using var heard = new SemaphoreSlim(0);
        using var end = new CancellationTokenSource();
        var listening = table.ListenAsync(() => heard.Release(), end.Token);
        Assert.True(await heard.WaitAsync(Soon), "it does not listen");

        await NewTable(database).ChangeAsync(new MembershipCommand.Join("a:1", "", "1"), 0, 0);

        Assert.True(await heard.WaitAsync(Soon), "it was not told");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
    }

    private static SqlMembershipTable NewTable(SharedDatabase database, string site = "site") =>
        new(database.Open(), site, TimeProvider.System);
}
