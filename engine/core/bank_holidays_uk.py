"""The bank holidays that Scotland or Northern Ireland have and England and Wales have not, 2015 to 2035.

Source: as for England and Wales, with the St Andrew's Day Bank Holiday (Scotland) Act 2007 and the proclamation of
4 February 2026 for 15 June 2026. Scotland has its summer bank holiday on the first Monday of August, and no Easter
Monday. Only weekdays are listed: where a holiday falls on a weekend, the day that stands in for it is.
"""

from __future__ import annotations

from typing import Final

ELSEWHERE: Final = {
    "2nd January (Scotland)": (
        "2015-01-02 2018-01-02 2019-01-02 2020-01-02 2024-01-02 2025-01-02 2026-01-02 2029-01-02 2030-01-02 "
        "2031-01-02 2032-01-02 2035-01-02"
    ),
    "2nd January substitute (Scotland)": (
        "2016-01-04 2017-01-03 2021-01-04 2022-01-04 2023-01-03 2027-01-04 2028-01-04 2033-01-04 2034-01-03"
    ),
    "Summer bank holiday (Scotland)": (
        "2015-08-03 2016-08-01 2017-08-07 2018-08-06 2019-08-05 2020-08-03 2021-08-02 2022-08-01 2023-08-07 "
        "2024-08-05 2025-08-04 2026-08-03 2027-08-02 2028-08-07 2029-08-06 2030-08-05 2031-08-04 2032-08-02 "
        "2033-08-01 2034-08-07 2035-08-06"
    ),
    "St Andrew's Day (Scotland)": (
        "2015-11-30 2016-11-30 2017-11-30 2018-11-30 2020-11-30 2021-11-30 2022-11-30 2023-11-30 2026-11-30 "
        "2027-11-30 2028-11-30 2029-11-30 2032-11-30 2033-11-30 2034-11-30 2035-11-30"
    ),
    "St Andrew's Day substitute (Scotland)": "2019-12-02 2024-12-02 2025-12-01 2030-12-02 2031-12-01",
    "World Cup bank holiday (Scotland)": "2026-06-15",
    "St Patrick's Day (Northern Ireland)": (
        "2015-03-17 2016-03-17 2017-03-17 2020-03-17 2021-03-17 2022-03-17 2023-03-17 2025-03-17 2026-03-17 "
        "2027-03-17 2028-03-17 2031-03-17 2032-03-17 2033-03-17 2034-03-17"
    ),
    "St Patrick's Day substitute (Northern Ireland)": (
        "2018-03-19 2019-03-18 2024-03-18 2029-03-19 2030-03-18 2035-03-19"
    ),
    "Battle of the Boyne (Northern Ireland)": (
        "2016-07-12 2017-07-12 2018-07-12 2019-07-12 2021-07-12 2022-07-12 2023-07-12 2024-07-12 2027-07-12 "
        "2028-07-12 2029-07-12 2030-07-12 2032-07-12 2033-07-12 2034-07-12 2035-07-12"
    ),
    "Battle of the Boyne substitute (Northern Ireland)": "2015-07-13 2020-07-13 2025-07-14 2026-07-13 2031-07-14",
}
