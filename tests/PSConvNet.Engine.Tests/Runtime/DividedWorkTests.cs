namespace PSConvNet.Tests.Runtime;

/// <summary>Sections of one thread's work, whose parts other threads help with.</summary>
public class DividedWorkTests
{
    [Fact]
    public void Without_a_helper_the_owner_does_all_parts()
    {
        var work = new DividedWork(3);
        for (var section = 0; section < 3; section++)
        {
            var done = new List<int>();
            work.Divide(done.Add);
            Assert.Equal([0, 1, 2], done);
        }
    }

    [Fact]
    public void Each_part_of_each_section_is_done_once_before_the_next_section_begins()
    {
        const int parts = 4;
        var work = new DividedWork(parts);
        var helpers = Enumerable.Range(0, 2).Select(_ => new Thread(work.Help)).ToList();
        helpers.ForEach(helper => helper.Start());
        var times = new int[parts];
        for (var section = 1; section <= 20_000; section++)
        {
            work.Divide(part => Interlocked.Increment(ref times[part]));
            Assert.All(times, count => Assert.Equal(section, count));
        }
        work.End();
        helpers.ForEach(helper => helper.Join());
    }

    [Fact]
    public void Parts_are_done_by_helpers_as_well()
    {
        var work = new DividedWork(2);
        var helper = new Thread(work.Help);
        helper.Start();
        using var both = new Barrier(2);
        // Ends only if two threads are in the section at the same time.
        work.Divide(_ => both.SignalAndWait());
        work.End();
        helper.Join();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_error_in_a_part_is_thrown_by_the_owner_when_all_parts_are_done(int faulty)
    {
        var work = new DividedWork(2);
        var helper = new Thread(work.Help);
        helper.Start();
        var done = 0;
        using var both = new Barrier(2);
        var error = Assert.Throws<InvalidOperationException>(() =>
            work.Divide(part =>
            {
                both.SignalAndWait();
                Interlocked.Increment(ref done);
                if (part == faulty)
                    throw new InvalidOperationException($"part {part}");
            })
        );
        Assert.Equal(($"part {faulty}", 2), (error.Message, done));

        // The next section knows nothing of it.
        work.Divide(_ => Interlocked.Increment(ref done));
        Assert.Equal(4, done);
        work.End();
        helper.Join();
    }
}
